import { findFact } from '../../../policy/facts/find.ts';
import { givenFault } from '../../../policy/given.ts';
import { asArray, isArray, isObject, type Json } from '../../../policy/json.ts';
import { type Joint, valuesFor } from '../../../policy/lint/values/joint.ts';
import { Effort } from '../../../policy/reason/samples.ts';
import { type FactValue, isCollection, type Scalar, Unknown } from '../../../policy/value.ts';
import type { Site } from '../../loading/load.ts';
import { givenValue } from '../../simulation/given.ts';
import { writtenValue } from '../written-test.ts';
import type { Requirement } from './requirements.ts';

/*
 * Values that a fact may be given so that conditions on it come out as required. They are guesses: only the relay's own
 * evaluator says what they lead to.
 */

const STEPS = 20_000;
const FEW = 40;

/** Plain values, which most conditions take for a stranger's. */
const PLAIN: readonly Scalar[] = [
  'someone@elsewhere.example',
  'elsewhere.example',
  '198.51.100.77',
  'mail.elsewhere.example',
  'text',
  true,
  false,
  0,
  1,
  1000,
];

/** What an entry of a list may mean: `@example.com` all addresses there, `.example.com` all domains below. */
const ofEntry = (entry: string): readonly string[] => {
  if (entry.startsWith('@')) return [`someone${entry}`];
  if (entry.endsWith('@')) return [`${entry}elsewhere.example`];
  if (entry.startsWith('.')) return [`sub${entry}`];
  return [entry, entry.replace(/\/\d+$/, ''), entry.replaceAll('*', 'a')];
};

const listed = (operand: Json, { files }: Site): readonly string[] => {
  if (typeof operand !== 'string') return [];
  const lists = files.flatMap((file) => file.lists).filter(({ name }) => name === operand);
  return lists.flatMap(({ entries }) => entries.slice(0, 3).flatMap(({ text }) => ofEntry(text)));
};

const scalarsOf = (operand: Json): readonly Scalar[] =>
  asArray(operand).flatMap((one): readonly Scalar[] => (one === null || typeof one === 'object' ? [] : [one]));

/** One element as `any` or `every` describe it: each field with the first value that is written for it. */
const described = (operand: Json): Json => {
  if (!isObject(operand)) return scalarsOf(operand)[0] ?? null;
  return Object.fromEntries(
    Object.entries(operand).flatMap(([field, said]) => {
      const [first] = isObject(said) ? Object.values(said).flatMap(scalarsOf) : scalarsOf(said);
      return first === undefined ? [] : [[field, first]];
    }),
  );
};

/** What is written for one part of an address. */
const ofPart = (part: 'before' | 'behind', asked: readonly Requirement[], site: Site): readonly string[] =>
  asked
    .filter(({ fact, operator }) => findFact(fact)?.partOf?.part === part && operator.operator !== 'exists')
    .flatMap(({ operator: { operand } }) => [...scalarsOf(operand.value), ...listed(operand.value, site)])
    .map(String);

/** Addresses put together from what is asked of their parts. */
function* addresses(asked: readonly Requirement[], site: Site): Generator<Scalar> {
  for (const domain of [...ofPart('behind', asked, site).slice(0, 4), 'elsewhere.example'])
    for (const local of [...ofPart('before', asked, site).slice(0, 4), 'someone']) yield `${local}@${domain}`;
}

function* scalars(root: string, asked: readonly Requirement[], site: Site): Generator<Scalar> {
  for (const { operator } of asked.filter((one) => one.operator.operator !== 'exists')) {
    yield* scalarsOf(operator.operand.value);
    yield* listed(operator.operand.value, site);
  }
  const joint: Joint = {
    root,
    parts: asked.map(({ fact, operator }) => ({ kind: 'fact', fact, operators: [operator], at: operator.at, factAt: operator.at })),
  };
  if (findFact(root)?.type.name === 'address') yield* addresses(asked, site);
  yield* PLAIN;
  for (const value of valuesFor(joint, { lists: site.policy.lists, effort: new Effort(STEPS) })) if (value !== undefined) yield value;
}

const several = (value: Scalar): readonly Json[] => [[value], [value, `${value}2`]];

function* values(root: string, asked: readonly Requirement[], site: Site): Generator<Json> {
  const isSet = findFact(root)?.collection === true;
  if (isSet)
    for (const { operator } of asked)
      if (operator.operator === 'any' || operator.operator === 'every') yield [described(operator.operand.value)];
  let left = FEW;
  for (const scalar of scalars(root, asked, site)) {
    if (left-- === 0) break;
    yield* isSet ? several(scalar) : [scalar];
  }
  yield null;
}

/** Different values that sessions can have. */
export function* candidates(root: string, asked: readonly Requirement[], site: Site): Generator<FactValue> {
  const definition = findFact(root);
  if (definition === null) return;
  if (asked.some(({ truth }) => truth === undefined)) yield new Unknown('given as unknown');
  const seen = new Set<string>();
  for (const json of values(root, asked, site)) {
    if (seen.has(JSON.stringify(json)) || givenFault(definition, root, json) !== null) continue;
    seen.add(JSON.stringify(json));
    const value = isArray(json) && json.length === 0 ? null : givenValue(json);
    if (isCollection(value) || JSON.stringify(writtenValue(value)) !== '""') yield value;
  }
}
