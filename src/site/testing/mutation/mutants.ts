import { HOOKS, hookOrder } from '../../../policy/hook.ts';
import { isArray } from '../../../policy/json.ts';
import { factConditions, type Guarded, guardedOf } from '../../../policy/lint/guarded.ts';
import { operators } from '../../../policy/operators/index.ts';
import { elements } from '../../../policy/read/parts.ts';
import type { ConditionSyntax, ListSyntax, OperatorSyntax, PolicyFile, RuleSyntax } from '../../../policy/syntax.ts';
import { PolicySource } from './source.ts';

/*
 * Plausible breakages of a policy, one edit each: a slip of the pen, a part that was lost, a value from next door. Most of
 * them are still policies, which do something else.
 */

export interface Mutant {
  readonly file: PolicyFile;
  /** What was broken, a phrase. */
  readonly what: string;
  /** Line of the edit, from 1. */
  readonly line: number;
  /** The whole file after the edit. */
  readonly text: string;
}

type Edit = Omit<Mutant, 'file'>;

/** Each operator that has an opposite, both ways round. */
const OPPOSITES: ReadonlyMap<string, string> = new Map(
  [...operators.values()].flatMap((one): [string, string][] =>
    one.asks === 'value' && one.opposite !== undefined
      ? [
          [one.name, one.opposite],
          [one.opposite, one.name],
        ]
      : [],
  ),
);

class Mutator {
  readonly #source: PolicySource;
  readonly edits: Edit[] = [];

  constructor(text: string) {
    this.#source = new PolicySource(text);
  }

  rule(rule: RuleSyntax): void {
    const [start, end] = this.#source.range(rule.at);
    const text = this.#source.text.slice(start, end);
    this.#words(text, start, /\bgroup: *([\w-]+)/g, (word) => `${word}s`, 'typo in group');
    this.#dropped(text, start, /\bgroup: *[\w-]+/g, 'group lost');
    this.#dropped(text, start, /\bon_unknown: *defer/g, 'on_unknown lost');
    this.#dropped(text, start, /\bdisconnect: *true/g, 'disconnect lost');
    this.#words(text, start, /\b((?:reject|defer): *["']?[45]\d\d)\b/g, otherCode, 'another code of the same class');
    const later = HOOKS[hookOrder(rule.on) + 1];
    if (later !== undefined) this.#replace(this.#source.range(rule.onAt), later, `at ${later} instead of ${rule.on}`);
  }

  guard({ when, unless }: Guarded): void {
    for (const condition of [...(when === null ? [] : [when]), ...unless]) {
      this.#parts(condition);
      for (const { fact, operators: uses } of factConditions(condition)) for (const use of uses) this.#operator(fact, use);
    }
  }

  list({ name, type, entries, file }: ListSyntax): void {
    for (const { text, at } of file === null ? entries : []) {
      if (entries.length > 1) this.#remove(this.#source.range(at), `${text} lost from ${name}`);
      if (type === 'cidr') this.#widen(text, this.#source.range(at));
    }
  }

  /** One of several conditions that must all hold is lost. */
  #parts(condition: ConditionSyntax): void {
    if (condition.kind === 'fact') return;
    const parts = condition.kind === 'not' ? [condition.part] : condition.parts;
    if (condition.kind === 'all' && parts.length > 1)
      for (const part of parts) this.#remove(this.#source.range(part.at), 'part of the condition lost');
    for (const part of parts) this.#parts(part);
  }

  #operator(fact: string, { operator, operand, at }: OperatorSyntax): void {
    const range = this.#source.range(operand.at);
    const source = this.#source.at(operand.at);
    const isShort = at.line === operand.at.line && at.column === operand.at.column;
    const opposite = OPPOSITES.get(operator);
    if (typeof operand.value === 'boolean') this.#replace(range, String(!operand.value), `${fact} turned round`);
    else if (isShort) this.#replace(range, `{ ${operator === 'in' ? 'not_in' : 'ne'}: ${source} }`, `${fact} negated`);
    else if (opposite !== undefined) this.#replace(this.#source.range(at), `${opposite}: ${source}`, `${operator} became ${opposite}`);
    if (typeof operand.value === 'number') this.#replace(range, String(operand.value + 1), `${fact} one more`);
    if (typeof operand.value === 'string') this.#widen(operand.value, range);
    if (isArray(operand.value) && operand.value.length > 1)
      for (const element of elements(operand)) this.#remove(this.#source.range(element.at), `${element.sourceOf([])} lost from ${fact}`);
  }

  #widen(network: string, range: readonly [number, number]): void {
    const wide = /^(\d+)\.\d+\.\d+\.\d+(?:\/(\d+))?$/.exec(network);
    if (wide !== null && Number(wide[2] ?? 32) > 8) this.#replace(range, `${wide[1]}.0.0.0/8`, `${network} widened to /8`);
  }

  /** The word that the first group of `pattern` catches becomes another. */
  #words(text: string, start: number, pattern: RegExp, other: (word: string) => string, what: string): void {
    for (const { 0: whole, 1: word = '', index } of text.matchAll(pattern)) {
      const from = start + index + whole.indexOf(word);
      this.#replace([from, from + word.length], other(word), what);
    }
  }

  #dropped(text: string, start: number, pattern: RegExp, what: string): void {
    for (const { 0: whole, index } of text.matchAll(pattern)) this.#remove([start + index, start + index + whole.length], what);
  }

  #replace([start, end]: readonly [number, number], by: string, what: string): void {
    const text = this.#source.replaced(start, end, by);
    if (text !== this.#source.text) this.edits.push({ what, line: this.#source.lineAt(start), text });
  }

  #remove([start, end]: readonly [number, number], what: string): void {
    const text = this.#source.removed(start, end);
    if (text !== null) this.edits.push({ what, line: this.#source.lineAt(start), text });
  }
}

const CODES: ReadonlyMap<string, string> = new Map([
  ['550', '554'],
  ['551', '550'],
  ['552', '550'],
  ['553', '550'],
  ['554', '550'],
  ['450', '451'],
  ['451', '450'],
  ['452', '451'],
  ['421', '451'],
]);

const otherCode = (reply: string): string => reply.replace(/\d{3}$/, (code) => CODES.get(code) ?? code);

/** Every breakage of a file that is tried, in the order of its text. */
export const mutantsOf = (file: PolicyFile, text: string): readonly Mutant[] => {
  const mutator = new Mutator(text);
  for (const list of file.lists) mutator.list(list);
  for (const guarded of guardedOf(file)) mutator.guard(guarded);
  for (const rule of file.rules) mutator.rule(rule);
  return mutator.edits.map((edit) => ({ ...edit, file }));
};
