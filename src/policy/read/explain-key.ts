import { elementField, meantInCondition, meantInGiven } from '../facts/meant.ts';
import { GIVEN_COUNT } from '../forms/given-count.ts';
import type { Json } from '../json.ts';
import { operators } from '../operators/index.ts';
import { listed, suggested } from '../suggest.ts';
import type { Explained } from './explained.ts';
import { docOf, type Fault, knownKeys } from './fault.ts';
import { meantKey, valueAt } from './meant/key.ts';
import { type Advice, says, write } from './meant/meant.ts';
import { flow } from './meant/written.ts';

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
  return { code, message: `Unknown ${kind} ${printable(key)}`, ...adviceFor(fault, key, { kind, known }) };
};

interface Mapping {
  readonly kind: (typeof KINDS)[number]['kind'];
  readonly known: readonly string[];
}

const adviceFor = (fault: Fault, key: string, { kind, known }: Mapping): Advice =>
  looksLikeIpv6(key) ??
  (isGiven(fault) ? null : meantKey(fault, key, kind)) ??
  (kind === 'fact' ? meantFact(fault, key) : null) ??
  misspelt(
    key,
    [...known, ...familyMembers(fault, key).filter((member) => member !== key)],
    kind === 'fact' || kind === 'action' ? `See docs/reference.md for all ${kind}s.` : otherwise(known),
  );

const misspelt = (key: string, known: readonly string[], orElse: string): Advice => {
  const found = suggested(key, known);
  return found === null ? says(orElse) : write({ part: 'key', text: found.name, safe: found.sure }, `Did you mean ${found.name}?`);
};

/** An operator of the language, but not for values of this type. */
const senseless = (fault: Fault, operator: string, known: readonly string[]): Explained => {
  const fact = fault.path.findLast((step) => typeof step === 'string') ?? 'this fact';
  return { code: 'RLY2007', message: `${operator} does not apply to ${fact}`, help: otherwise(known) };
};

/** Besides facts, `given:` of a test has the results of limits. */
const isGiven = ({ schema: { patternProperties } }: Fault): boolean =>
  typeof patternProperties === 'object' && patternProperties !== null && GIVEN_COUNT in patternProperties;

const meantFact = (fault: Fault, key: string): Advice | null => {
  const help = isGiven(fault) ? meantInGiven(key) : meantInCondition(key);
  const instead = isGiven(fault) ? null : elementCondition(key, valueAt(fault, key));
  if (help === null) return null;
  return instead === null ? says(help) : write({ part: 'entry', text: instead.written, safe: instead.sure }, help);
};

/** `attachment.extension: exe` asks it of each attachment. */
const elementCondition = (name: string, value: Json | undefined): { readonly written: string; readonly sure: boolean } | null => {
  const meant = value === undefined ? null : elementField(name);
  if (meant === null || value === undefined) return null;
  return { written: `${meant.fact}: { any: { ${meant.field}: ${flow(value)} } }`, sure: name === `${meant.fact}.${meant.field}` };
};

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
const looksLikeIpv6 = (key: string): Advice | null =>
  /^(?:[0-9a-f]{0,4}:){1,7}[0-9a-f]{0,4}$/i.test(key) ? says(`If an IPv6 address is meant, put it in quotes: "${key}:".`) : null;
