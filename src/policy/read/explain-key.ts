import { meantInCondition, meantInGiven } from '../facts/meant.ts';
import { GIVEN_COUNT } from '../forms/given-count.ts';
import { operators } from '../operators/index.ts';
import { didYouMean, listed } from '../suggest.ts';
import type { Explained } from './explained.ts';
import { docOf, type Fault, knownKeys } from './fault.ts';
import { meantKey } from './meant/key.ts';

/** What kind of names a mapping holds, told by names that only mappings of the kind know. */
const KINDS = [
  { kind: 'fact', code: 'RLY2001', marks: ['client.ip'] },
  { kind: 'operator', code: 'RLY2005', marks: ['exists'] },
  { kind: 'action', code: 'RLY2006', marks: ['reject', 'log'] },
  { kind: 'key', code: 'RLY1101', marks: [] },
] as const;

/** A key the schema does not know, with the one that was probably meant. */
export const explainUnknownKey = (fault: Fault, key: string): Explained => {
  const known = knownKeys(fault);
  if (fault.keyword === 'propertyNames' && known.length === 0) return badName(fault, key);
  const { kind, code } = KINDS.find(({ marks }) => marks.every((mark) => known.includes(mark))) ?? KINDS[3];
  if (kind === 'operator' && operators.has(key)) return senseless(fault, key, known);
  return {
    code,
    message: `Unknown ${kind} ${printable(key)}`,
    help:
      looksLikeIpv6(key) ??
      (isGiven(fault) ? null : meantKey(fault, key, kind)) ??
      (kind === 'fact' ? meantFact(fault, key) : null) ??
      didYouMean(
        key,
        [...known, ...familyMembers(fault, key).filter((member) => member !== key)],
        kind === 'fact' || kind === 'action' ? `See docs/reference.md for all ${kind}s.` : otherwise(known),
      ),
  };
};

/** An operator of the language, but not for values of this type. */
const senseless = (fault: Fault, operator: string, known: readonly string[]): Explained => {
  const fact = fault.path.findLast((step) => typeof step === 'string') ?? 'this fact';
  return { code: 'RLY2007', message: `${operator} does not apply to ${fact}`, help: otherwise(known) };
};

/** Besides facts, `given:` of a test has the results of limits. */
const isGiven = ({ schema: { patternProperties } }: Fault): boolean =>
  typeof patternProperties === 'object' && patternProperties !== null && GIVEN_COUNT in patternProperties;

const meantFact = (fault: Fault, key: string): string | null => (isGiven(fault) ? meantInGiven(key) : meantInCondition(key));

/** `heder.subject` was meant to be of the family `header.`: the member is as the author chose it. */
const familyMembers = (fault: Fault, key: string): readonly string[] => {
  const { patternProperties } = fault.schema;
  const member = key.slice(key.indexOf('.') + 1);
  if (typeof patternProperties !== 'object' || patternProperties === null) return [];
  return Object.keys(patternProperties).flatMap((pattern) => {
    const family = /^\^(\w+)\\\./.exec(pattern)?.[1];
    return family === undefined ? [] : [`${family}.${member}`];
  });
};

const badName = (fault: Fault, key: string): Explained => ({
  code: 'RLY1105',
  message: `${printable(key)} is not a valid name here`,
  help: docOf(fault.schema.propertyNames) || 'Use letters, digits, - and _.',
});

const otherwise = (known: readonly string[]): string => (known.length === 0 ? 'Remove it.' : `Known here: ${listed(known)}.`);

const printable = (key: string): string => (key.length > 60 ? `${key.slice(0, 59)}…` : key);

/** `2001:db8::` in a flow mapping is the key `2001:db8:` with nothing behind it. */
const looksLikeIpv6 = (key: string): string | null =>
  /^(?:[0-9a-f]{0,4}:){1,7}[0-9a-f]{0,4}$/i.test(key) ? `If an IPv6 address is meant, put it in quotes: "${key}:".` : null;
