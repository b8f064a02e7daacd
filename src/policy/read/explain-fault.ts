import type { Diagnostic, Fix, Span } from '../diagnostic.ts';
import { type Code, diagnose } from '../diagnostic-codes.ts';
import { listed, suggested } from '../suggest.ts';
import type { Located } from '../syntax.ts';
import { explainUnknownKey } from './explain-key.ts';
import { explainType } from './explain-type.ts';
import type { Explained } from './explained.ts';
import { docOf, type Fault, offendingKey, parameter } from './fault.ts';
import { type Advice, says, write } from './meant/meant.ts';
import { meantValue } from './meant/value.ts';
import { flow } from './meant/written.ts';
import { fixesOf } from './replacement.ts';

/** One fault in words for the author, at the token that has to change. */
export const explainFault = (fault: Fault, document: Located): Diagnostic => {
  const key = offendingKey(fault);
  if (key !== null && key !== '') {
    const explained = explainUnknownKey(fault, key);
    const path = [...fault.path, key];
    return diagnose(explained.code, document.spanOf(path, 'key'), {
      ...explained,
      fixes: fixesOf(document, path, explained.instead ?? []),
    });
  }
  const explained = explain(fault, document);
  const meant = fault.keyword === 'required' ? null : meantValue(fault, document.below(fault.path).value);
  const told = meant === null ? explained : { ...explained, ...meant };
  return diagnose(explained.code, headOf(document, fault), {
    ...told,
    fixes: [...fixesOf(document, fault.path, told.instead ?? []), ...withVersion(fault, document)],
  });
};

/** A policy without `version:` gets it as its first key. */
const withVersion = (fault: Fault, document: Located): readonly Fix[] => {
  if (fault.keyword !== 'required' || fault.path.length > 0 || parameter(fault, 'missingProperty') !== 'version') return [];
  const { file, line, column } = document.at;
  if (column !== 1 || document.sourceOf([]).startsWith('{')) return [];
  return [
    {
      title: 'Write version: 1',
      safe: true,
      edits: [{ at: { file, line, column, endLine: line, endColumn: column }, text: 'version: 1\n' }],
    },
  ];
};

/** A whole block is marked by its key, or by its first line: a mark under ten lines points at nothing. */
const headOf = (document: Located, fault: Fault): Span => {
  const value = document.spanOf(fault.path, 'value');
  if (value.line === value.endLine && fault.keyword !== 'required' && fault.keyword !== 'false schema') return value;
  const key = document.spanOf(fault.path, 'key');
  if (key.line === key.endLine) return key;
  const first = document.sourceOf(fault.path).split('\n', 1)[0] ?? '';
  return { ...value, endLine: value.line, endColumn: value.column + first.trimEnd().length };
};

const explain = (fault: Fault, document: Located): Explained => {
  switch (fault.keyword) {
    case 'required':
      return missing(fault);
    case 'type':
      return explainType(fault, document);
    case 'enum':
    case 'const':
      return wrongWord(fault);
    case 'pattern':
      return wrongForm(fault);
    case 'false schema':
      return {
        code: 'RLY1107',
        message: `${nameOf(fault)} is not allowed here`,
        help: describe(fault, 'Remove it, or see the reference for where it is allowed.'),
      };
    case 'minItems':
    case 'minProperties':
      return {
        code: 'RLY1106',
        message: `${nameOf(fault)} is empty`,
        help: describe(fault, 'Write at least one entry, or remove the key.'),
      };
    default:
      return {
        code: 'RLY1106',
        message: `${nameOf(fault)} ${fault.message}`,
        help: describe(fault, 'See the reference for the values allowed.'),
      };
  }
};

const nameOf = (fault: Fault): string => {
  const last = fault.path.at(-1);
  return typeof last === 'string' ? last : typeof last === 'number' ? 'This entry' : 'The file';
};

/** What the schema says about the place. */
const describe = (fault: Fault, otherwise: string): string => docOf(fault.schema) || otherwise;

const missing = (fault: Fault): Explained => {
  const key = parameter(fault, 'missingProperty');
  if (key === 'when') return grantWithoutWhen;
  const properties = fault.schema.properties;
  const doc = typeof properties === 'object' && properties !== null ? docOf(new Map(Object.entries(properties)).get(key)) : '';
  return { code: 'RLY1102', message: `The key ${key} is missing`, help: doc === '' ? `Add ${key}: with its value.` : `Add ${key}: ${doc}` };
};

/** Nothing else requires a condition. */
const grantWithoutWhen: Explained = {
  code: 'RLY3007',
  message: 'A grant needs a condition',
  help: 'Without one, anyone could relay anywhere. Add when: { recipient.domain: { in: our_domains } }.',
};

const wrongWord = (fault: Fault): Explained => {
  const { allowedValues } = fault.parameters;
  const words = Array.isArray(allowedValues) ? allowedValues.map(String) : [];
  const choice = words.length === 1 ? `Write ${words[0]}.` : `Write one of: ${listed(words, 24)}.`;
  const { data } = fault;
  if (words.includes('reject') && words.includes('accept') && !words.includes('none'))
    return { code: 'RLY2006', message: `Unknown action ${shown(data)}`, ...misspelt(String(data), words, choice) };
  const advice = typeof data === 'string' && !words.includes(data) ? misspelt(data, words, choice) : says(choice);
  return { code: 'RLY1104', message: `${nameOf(fault)} cannot be ${shown(data)}`, ...advice };
};

const misspelt = (word: string, words: readonly string[], otherwise: string): Advice => {
  const found = suggested(word, words);
  return found === null
    ? says(otherwise)
    : write({ part: 'value', text: flow(found.name), safe: found.sure }, `Did you mean ${found.name}?`);
};

const wrongForm = (fault: Fault): Explained => {
  const code = codeOfForm(fault);
  if (typeof fault.data === 'string' && fault.data.includes('\n')) return severalLines(fault, fault.data);
  const pattern = parameter(fault, 'pattern');
  const help = describe(fault, `It must have the form ${pattern}.`);
  return { code, message: `${shown(fault.data)} is not a valid value for ${formName(fault)}`, help };
};

/** `|` and `>` end with a line break, where `|-` and `>-` do not. */
const severalLines = (fault: Fault, data: string): Explained => {
  const line = data.replace(/\s*\n\s*/g, ' ').trim();
  const owner = formName(fault);
  const text = new RegExp(parameter(fault, 'pattern')).test(line) ? JSON.stringify(line) : '"…"';
  const help = `Write ${owner}: ${text}, in quotes on one line; a block after | or > ends with a line break.`;
  const message = `${owner} must be a single line, but ${shown(data)} has a line break`;
  return { code: codeOfForm(fault), message, ...write({ part: 'value', text }, help) };
};

const codeOfForm = ({ path }: Fault): Code => {
  if (path.at(-1) === 'id') return 'RLY1204';
  return path[0] === 'routes' && path.at(-1) === 'to' ? 'RLY2017' : 'RLY1105';
};

const formName = (fault: Fault): string => {
  const last = fault.path.at(-1);
  const owner = typeof last === 'string' ? last : fault.path.findLast((step) => typeof step === 'string');
  return owner === undefined ? 'this entry' : `${owner}`;
};

/** A value as its author would recognise it, on one line. */
const shown = (data: unknown): string => {
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};
