import type { RulePart } from '../../policy/compile/watch.ts';
import type { Span } from '../../policy/diagnostic.ts';
import { findFact } from '../../policy/facts/find.ts';
import type { Hook } from '../../policy/hook.ts';
import { factConditions, type Guarded, guardedOf } from '../../policy/lint/guarded.ts';
import type { LimitSyntax, OperatorSyntax, PolicyFile } from '../../policy/syntax.ts';
import type { Truth } from '../../policy/truth.ts';

/*
 * What tests of a site can cover: each grant, rule and route as a whole, and each part of its condition, with the
 * truths that it can have.
 */

/** A part of a condition, or a limit. */
export interface CoverablePart {
  readonly part: RulePart;
  /** As written, on one line. */
  readonly text: string;
  readonly at: Span;
  readonly truths: readonly Truth[];
}

export interface CoverableRule {
  /** Full name. */
  readonly name: string;
  readonly kind: Guarded['kind'];
  readonly hook: Hook;
  readonly file: PolicyFile;
  readonly at: Span;
  readonly truths: readonly Truth[];
  readonly parts: readonly CoverablePart[];
  readonly guarded: Guarded;
}

const LONGEST = 80;

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
};

const BARE: ReadonlySet<string> = new Set(['eq', 'in']);

/** `fact: { operator: operand }`, or in short where it was. */
const written = (fact: string, { operator, operand, at }: OperatorSyntax): string => {
  const source = operand.sourceOf([]);
  const isShort = BARE.has(operator) && at.line === operand.at.line && at.column === operand.at.column;
  return oneLine(isShort ? `${fact}: ${source}` : `${fact}: { ${operator}: ${source} }`);
};

const DECIDABLE: readonly Truth[] = [true, false];
const ANY_TRUTH: readonly Truth[] = [true, false, undefined];

const isFoundOut = (fact: string): boolean => findFact(fact)?.lookUp !== undefined;

const partsOf = (guarded: Guarded, limit: LimitSyntax | null): readonly CoverablePart[] => {
  const conditions = [...(guarded.when === null ? [] : [guarded.when]), ...guarded.unless].flatMap(factConditions);
  const operators = conditions.flatMap(({ fact, operators: uses }) =>
    uses.map((use): CoverablePart => {
      const truths = isFoundOut(fact) ? ANY_TRUTH : DECIDABLE;
      return { part: use, text: written(fact, use), at: use.at, truths };
    }),
  );
  if (limit === null) return operators;
  const text = `limit: ${limit.max} ${limit.count}`;
  return [...operators, { part: limit, text, at: limit.at, truths: ANY_TRUTH }];
};

/** Everything in a file that tests can cover, in the order written. */
export const coverable = (file: PolicyFile): readonly CoverableRule[] =>
  guardedOf(file).map((guarded) => {
    const { kind, hook, named } = guarded;
    const limit = file.rules.find(({ name }) => name === named.name)?.limit ?? null;
    const parts = partsOf(guarded, kind === 'rule' ? limit : null);
    const truths: readonly Truth[] = parts.length === 0 ? [true] : DECIDABLE;
    return { name: named.name, kind, hook, file, at: named.idAt, truths, parts, guarded };
  });
