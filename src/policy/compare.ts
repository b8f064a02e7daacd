import { type CompiledList, PolicyError, type ValueType } from './definition.ts';
import type { Json } from './json.ts';
import { lists } from './lists/index.ts';
import { exactly, type Meaning } from './meaning.ts';
import type { Scalar } from './value.ts';

const isScalar = (value: Json): value is Scalar => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** A literal in the normal form of the type. Throws `PolicyError` if it is not of the type. */
export const literalOf = (type: ValueType, written: Json, path: readonly (string | number)[] = []): Scalar => {
  const value = isScalar(written) ? type.normalize(written) : null;
  if (value !== null) return value;
  throw new PolicyError('RLY2008', `${JSON.stringify(written)} is no ${type.name}`, type.doc, path);
};

/** True of a literal that is equal to one value only, and so can be found by `===` in its normal form. */
const isExact = (type: ValueType, literal: Scalar): boolean => type.spans?.(literal) !== true;

/**
 * Whether a value, in normal form, is one of the literals: equal to it, known under it by another name, or
 * covered by it where a literal may stand for many values. Throws `PolicyError` on an invalid literal.
 */
export const oneOf = (
  type: ValueType,
  written: readonly Json[],
  pathOf: (index: number) => readonly number[] = (index) => [index],
): ((value: Scalar) => boolean) => {
  const exact = new Set<Scalar>();
  const wide: ((value: Scalar) => boolean)[] = [];
  written.forEach((literal, index) => {
    if (isScalar(literal) && !isExact(type, literal)) wide.push(covering(type, String(literal), pathOf(index)));
    else exact.add(literalOf(type, literal, pathOf(index)));
  });
  const { aliases } = type;
  const [only] = exact;
  if (wide.length === 0 && aliases === undefined) return exact.size === 1 ? (value) => value === only : (value) => exact.has(value);
  return (value) =>
    exact.has(value) || wide.some((covers) => covers(value)) || (aliases?.(value).some((alias) => exact.has(alias)) ?? false);
};

/** What the literals mean, each by itself; they have compiled. */
export const literalMeanings = (type: ValueType, written: readonly Json[]): readonly Meaning[] | null => {
  const list = type.entries === undefined ? undefined : lists.get(type.entries);
  const meanings = written.map((literal): readonly Meaning[] | null => {
    if (!isScalar(literal)) return null;
    return isExact(type, literal) ? [exactly(literalOf(type, literal))] : (list?.means?.(String(literal), type) ?? null);
  });
  return meanings.every((meaning) => meaning !== null) ? meanings.flat() : null;
};

/** Equality with one literal, as `oneOf`. */
export const equalTo = (type: ValueType, written: Json): ((value: Scalar) => boolean) => oneOf(type, [written], () => []);

const covering = (type: ValueType, entry: string, path: readonly number[]): ((value: Scalar) => boolean) => {
  const list = type.entries === undefined ? undefined : lists.get(type.entries);
  const compiled: CompiledList | undefined = list?.compile([entry]);
  const message = compiled === undefined ? `\`${entry}\` is no ${type.name}` : compiled.faults[0]?.message;
  if (compiled === undefined || message !== undefined) throw new PolicyError('RLY2008', message ?? '', type.doc, path);
  return compiled.membership.has;
};
