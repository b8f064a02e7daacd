import { formatIp, type IpWords, type Prefix, parsePrefix } from '../../ip.ts';
import { asArray, type Json } from '../../json.ts';
import type { Pattern } from '../../reason/pattern.ts';
import { type Effort, samples } from '../../reason/samples.ts';
import type { Scalar } from '../../value.ts';
import { type Leaf, patternOf, type SmallLists, valueOperator } from './leaf.ts';
import type { TextValues, Values } from './values.ts';

/*
 * A condition is judged on values that stand for all others: whatever the operators named here say of some value, they
 * say of one of these. Only the relay's own evaluator says what is true of them.
 */

export interface Question {
  readonly values: Values;
  readonly leaves: readonly Leaf[];
  readonly lists: SmallLists;
  readonly effort: Effort;
  /** Makes of the pattern of a leaf one of the values, where the leaf asks for a part of them. */
  readonly lift?: (pattern: Pattern, leaf: Leaf) => Pattern | null;
}

/** Values that a fact can have, among them all that matter; `undefined` at the end where that cannot be promised. */
export function* representatives(question: Question): Generator<Scalar | undefined> {
  const { values, leaves } = question;
  switch (values.are) {
    case 'words':
      return yield* values.words;
    case 'numbers':
      return yield* numbers(leaves, values);
    case 'texts':
      if (leaves.some(isNetwork)) yield* addresses(question);
      else yield* textsFor(question, values);
      return;
    default:
      yield undefined;
  }
}

const operandsOf = ({ operand }: Leaf): readonly Json[] => asArray(operand);

/** Each number that is written, and those beside it. */
function* numbers(leaves: readonly Leaf[], { least, most, whole }: Extract<Values, { are: 'numbers' }>): Generator<Scalar> {
  const written = leaves.flatMap((leaf) => operandsOf(leaf).flatMap((one) => numberOf(leaf, one)));
  const bounds = [...new Set([least, most, 0, ...written])].filter(Number.isFinite).sort((a, b) => a - b);
  const beside = bounds.flatMap((bound, at) => {
    const next = bounds[at + 1] ?? bound + 2;
    return whole ? [Math.floor(bound), Math.floor(bound) + 1, Math.ceil(bound) - 1] : [bound, (bound + next) / 2, bound - 1];
  });
  for (const value of new Set(beside)) if (value >= least && value <= most) yield value;
}

const numberOf = ({ type }: Leaf, written: Json): readonly number[] => {
  const value = typeof written === 'number' || typeof written === 'string' ? type.normalize(written) : null;
  return typeof value === 'number' ? [value] : [];
};

const EQUALITY: ReadonlySet<string> = new Set(['eq', 'ne', 'in', 'not_in']);

const isNetwork = ({ type, operator }: Leaf): boolean => type.entries === 'cidr' && EQUALITY.has(operator);

/** Where each network begins and what follows its end, for both families. */
function* addresses({ leaves, lists }: Question): Generator<Scalar | undefined> {
  if (!leaves.every((leaf) => isNetwork(leaf) || valueOperator(leaf.operator) === null)) return yield undefined;
  yield* ['0.0.0.0', '203.0.113.77', '::', '2001:db8::77'];
  for (const leaf of leaves.filter(isNetwork)) {
    const listed = typeof leaf.operand === 'string' ? lists.get(leaf.operand)?.entries : undefined;
    const isList = (leaf.operator === 'in' || leaf.operator === 'not_in') && typeof leaf.operand === 'string';
    if (isList && listed === undefined) return yield undefined;
    for (const network of isList ? (listed ?? []) : operandsOf(leaf)) yield* ends(parsePrefix(String(network)));
  }
}

function* ends(prefix: Prefix | null): Generator<Scalar> {
  if (prefix === null) return;
  yield formatIp(prefix.words);
  const behind = following(prefix);
  if (behind !== null) yield formatIp(behind);
}

/** The address behind the last one of a network. */
const following = ({ words, length }: Prefix): IpWords | null => {
  if (length === 0) return null;
  const at = Math.floor((length - 1) / 32);
  const next = words.map((word, index) => (index === at ? word + 2 ** (31 - ((length - 1) % 32)) : word));
  for (let index = at; index >= 0; index -= 1) {
    if ((next[index] ?? 0) < 2 ** 32) return next;
    next[index] = 0;
    if (index === 0) return null;
    next[index - 1] = (next[index - 1] ?? 0) + 1;
  }
  return next;
};

function* textsFor(question: Question, values: TextValues): Generator<Scalar | undefined> {
  yield* guesses(question, values);
  const { leaves, lists, effort, lift = (pattern) => pattern } = question;
  const patterns: Pattern[] = [];
  for (const leaf of leaves.filter(({ operator }) => operator !== 'exists')) {
    const told = patternOf(leaf, lists);
    const pattern = told === null ? null : lift(told, leaf);
    if (pattern === null) return yield undefined;
    patterns.push(pattern);
  }
  yield* samples(values.pattern, patterns, effort);
}

const MOST_GUESSED = 8;

/** What is written, as it is and inside of short values: nearly always one of them settles the question at once. */
function* guesses({ leaves, lists }: Question, { fits, some }: TextValues): Generator<Scalar> {
  yield* some;
  for (const leaf of leaves) {
    const listed = typeof leaf.operand === 'string' ? lists.get(leaf.operand)?.entries : undefined;
    for (const written of (listed ?? operandsOf(leaf)).slice(0, MOST_GUESSED)) yield* around(plain(leaf, String(written)), some, fits);
  }
}

function* around(text: string, some: readonly string[], fits: (text: string) => boolean): Generator<Scalar> {
  if (fits(text)) yield text;
  for (const one of some.slice(0, 3))
    for (let from = 0; from <= one.length; from += 1)
      for (const to of [one.length, from]) {
        const guess = one.slice(0, from) + text + one.slice(to);
        if (fits(guess)) yield guess;
      }
}

/** About what a value would look like that fits; wrong guesses do no harm. */
const plain = ({ type, operator }: Leaf, written: string): string => {
  const text =
    operator === 'matches'
      ? written
          .replace(/^\(\?i\)|[\^$]/g, '')
          .replace(/(?:\.|\\[dwS]|\[[^\]]*\])[*+?]?/g, '1')
          .replace(/\\(.)|[()+?]|\|.*/g, '$1')
      : written.replace(/\*/g, 'a').replace(/\?/g, 'a');
  return type.part?.(text) ?? (type.caseless === true ? text.toLowerCase() : text);
};
