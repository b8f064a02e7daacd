import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { facts } from '../../facts/index.ts';
import { isArray, isObject, type Json } from '../../json.ts';
import { nearest } from '../../suggest.ts';
import type { Located, Path } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { rewritten } from '../rewritten.ts';

const written = (fact: string): string => `\${${fact}}`;

export const notAPlaceholder: LintCheck = {
  name: 'not-a-placeholder',
  codes: ['RLY4017'],
  doc: 'Facts in a text are written as `${fact}`, the only form that is expanded.',
  avoid: `
rules:
  - { id: braces, on: connect, when: { client.early_talker: true }, then: { reject: "554 5.7.1 {client.ip} is blocked" } }
  - { id: dollar, on: mail, when: { sender.null: true }, then: { log: "from $client.ip" } }
  - { id: percent, on: mail, when: { sender.null: false }, then: { log: "from %{client_ip} {{ sender.address }}" } }
`,
  prefer: `
rules:
  - { id: braces, on: connect, when: { client.early_talker: true }, then: { reject: "554 5.7.1 ${written('client.ip')} is blocked" } }
  - { id: dollar, on: mail, when: { sender.null: true }, then: { log: "costs $5, {json: 1}" } }
`,
  check: ({ files }) =>
    files
      .flatMap((file) => file.rules)
      .flatMap(({ actions }) => actions)
      .flatMap(({ argument }) => textsIn(argument.value, []).flatMap(([path, text]) => checkText(argument, path, text))),
};

const textsIn = (value: Json, path: Path): readonly (readonly [Path, string])[] => {
  if (typeof value === 'string') return /[{$%]/.test(value) ? [[path, value]] : [];
  if (isArray(value)) return value.flatMap((part, index) => textsIn(part, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([key, part]) => textsIn(part, [...path, key])) : [];
};

const NAME = '[A-Za-z][A-Za-z0-9_.-]*';

/** Placeholders of other languages. The first two are reported whatever name they contain. */
const FOREIGN = new RegExp(
  [
    `\\{\\{\\s*(${NAME})\\s*\\}\\}`,
    `%\\{\\s*(${NAME})\\s*\\}`,
    `%\\(\\s*(${NAME})\\s*\\)s?`,
    `\\$\\(\\s*(${NAME})\\s*\\)`,
    `(?<![$%{])\\{\\s*(${NAME})\\s*\\}`,
    `\\$(${NAME})`,
  ].join('|'),
  'g',
);

const checkText = (argument: Located, path: Path, text: string): readonly Diagnostic[] =>
  [...text.matchAll(FOREIGN)].flatMap((match) => {
    const [form = '', twice, percent, ...others] = match;
    const name = (twice ?? percent ?? others.find((other) => other !== undefined) ?? '').replace(/[.-]+$/, '');
    const fact = factLike(name);
    if (fact === null && twice === undefined && percent === undefined) return [];
    const at = argument.within(path, { start: match.index, end: match.index + form.length });
    const help = fact === null ? `Write the name of a fact between \${ and }.` : `Write ${written(fact)}.`;
    const isPlain = !/^["'|>]/.test(argument.sourceOf(path));
    const fixes = fact === null || isPlain ? [] : [rewritten(at, written(fact), findFact(name) !== null)];
    return [diagnose('RLY4017', at, { message: `${form} is not expanded`, help, fixes })];
  });

/** The fact that a name means: `client_ip`, or a misspelt name with a dot. */
const factLike = (name: string): string | null => {
  const dotted = name.replace('_', '.');
  const exact = [name, dotted].find((one) => one.includes('.') && findFact(one) !== null);
  if (exact !== undefined) return exact;
  return name.includes('.') ? nearest(name, facts.keys()) : null;
};
