import { actions } from '../../actions/index.ts';
import { findFact } from '../../facts/find.ts';
import { facts } from '../../facts/index.ts';
import { isObject, type Json } from '../../json.ts';
import { operators } from '../../operators/index.ts';
import type { Path } from '../../syntax.ts';
import { type Fault, knownKeys } from '../fault.ts';
import { type Advice, says, write } from './meant.ts';
import { own, plain } from './word.ts';
import {
  ACTION_FORMS,
  ACTION_NAMES,
  ACTION_WORDS,
  CONDITION_ENTRIES,
  CONDITION_WORDS,
  CONFIG_WORDS,
  FACT_WORDS,
  KEY_NAMES,
  KEY_WORDS,
  OPERATOR_WORDS,
} from './words.ts';
import { flow } from './written.ts';

/** What the keys of a mapping are. */
export type KeyKind = 'fact' | 'operator' | 'action' | 'key';

/** What to write instead of an unknown key, if it is clear what is meant. */
export const meantKey = (fault: Fault, key: string, kind: KeyKind): Advice | null => afterComma(fault, key) ?? MEANT[kind](fault, key);

/** The value of a key in the mapping that a fault is about. */
export const valueAt = ({ data }: Fault, key: string): Json | undefined => {
  const found: unknown = isRecord(data) ? data[key] : undefined;
  return isJson(found) ? found : undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isJson = (value: unknown): value is Json => value !== undefined;

/** `{ reject: 550 Go away, please }`: a key without a value after a text. */
const afterComma = (fault: Fault, key: string): Advice | null => {
  if (valueAt(fault, key) !== null || !isRecord(fault.data)) return null;
  const keys = Object.keys(fault.data);
  const before = keys[keys.indexOf(key) - 1];
  const text = before === undefined ? undefined : fault.data[before];
  if (before === undefined || typeof text !== 'string' || !/\s/.test(text)) return null;
  return says(
    `The comma ended the value before it. If it is part of the text, quote the whole text: ${before}: ${JSON.stringify(`${text}, ${key}`)}.`,
  );
};

const told = (help: string | null): Advice | null => (help === null ? null : says(help));

const meantFact = (fault: Fault, key: string): Advice | null => {
  const word = plain(key);
  const value = valueAt(fault, key);
  const fact = own(FACT_WORDS, word);
  const entry = value === true ? own(CONDITION_ENTRIES, word) : null;
  if (entry !== null) return write({ part: 'entry', text: entry });
  if (isObject(value) && !isOperators(value)) return memberAsFact(word, value) ?? told(own(CONDITION_WORDS, word));
  if (fact === null) return told(own(CONDITION_WORDS, word));
  return write({ part: 'key', text: fact }, `Write ${fact}${value === undefined ? '' : `: ${flow(value)}`}.`);
};

const isOperators = (value: { readonly [key: string]: Json }): boolean => Object.keys(value).every((key) => operators.has(key));

/** `recipient: { domain: x }` is `recipient.domain: x`, and `rcpt: { to: x }` the fact of that name. */
const memberAsFact = (family: string, value: { readonly [key: string]: Json }): Advice | null => {
  const known = new Set([...facts.keys()].map((name) => name.slice(0, name.indexOf('.'))));
  const named = known.has(family) ? family : (own(FACT_WORDS, family)?.split('.')[0] ?? null);
  if (named === null) return null;
  const members = Object.entries(value);
  const written = members.flatMap(([member, part]) =>
    findFact(`${named}.${member}`) === null ? [] : [`${named}.${member}: ${flow(part)}`],
  );
  return written.length > 0 && written.length === members.length ? write({ part: 'entry', text: written.join('\n') }) : null;
};

const meantOperator = (fault: Fault, key: string): Advice | null => {
  const value = valueAt(fault, key);
  const operator = own(OPERATOR_WORDS, key) ?? own(OPERATOR_WORDS, plain(key));
  if (operator === null) return key === 'between' ? (range(value) ?? says('Write { gte: FROM, lte: TO }.')) : null;
  const many = Array.isArray(value) ? (MANY.get(operator) ?? operator) : operator;
  const shown = value === undefined || value === null || isObject(value) ? '' : `: ${flow(value)}`;
  return write({ part: 'key', text: many, safe: !isExclusive(key) }, `Write ${many}${shown}.`);
};

/** Whether the bounds belong to the range, these words do not say. */
const isExclusive = (key: string): boolean => ['min', 'max', 'over', 'under'].includes(plain(key));

/** `between: [9, 17]`. */
const range = (value: Json | undefined): Advice | null => {
  const [from, to, ...others] = Array.isArray(value) ? value : [];
  if (from === undefined || to === undefined || others.length > 0) return null;
  return write({ part: 'entry', text: `gte: ${flow(from)}\nlte: ${flow(to)}`, safe: false });
};

const MANY: ReadonlyMap<string, string> = new Map([
  ['eq', 'in'],
  ['ne', 'not_in'],
]);

const meantAction = (fault: Fault, key: string): Advice | null => {
  const action = own(ACTION_NAMES, plain(key));
  if (action === null) return told(own(ACTION_WORDS, plain(key)));
  const value = valueAt(fault, key);
  const help = typeof value === 'string' ? `Write ${action}: ${flow(value)}.` : `Write ${own(ACTION_FORMS, action) ?? action}.`;
  return typeof value === 'string' ? write({ part: 'key', text: action }, help) : says(help);
};

const meantOther = (fault: Fault, key: string): Advice | null => {
  const { path } = fault;
  const word = plain(key);
  if (path.length === 0)
    return CONFIG_WORDS.includes(word) && knownKeys(fault).includes('rules')
      ? says('Write it in config/relay.yaml: a policy has lists, grants, rules, routes and tests.')
      : null;
  if (path.length !== 2) return null;
  const section = String(path[0]);
  const name = renamed(section, key);
  if (name !== null) return write({ part: 'key', text: name }, `Write ${name}: instead.`);
  return withoutKey(section, word) ?? belongsBelow(path, key, fault.data);
};

/** A key that does not exist. What a grant is told to do, it does anyway. */
const withoutKey = (section: string, word: string): Advice | null => {
  const help = own(KEY_WORDS[section], word);
  if (help === null) return null;
  return section === 'grants' ? write({ part: 'entry', text: '', safe: false }, help) : says(help);
};

/** Our name for a key of a grant, rule, route, list or test. */
export const renamed = (section: string, key: string): string | null => own(KEY_NAMES[section], plain(key));

/** A condition or an action next to `when:` and `then:` instead of inside them. */
const belongsBelow = (path: Path, key: string, part: unknown): Advice | null => {
  const isGuarded = path[0] === 'rules' || path[0] === 'grants' || path[0] === 'routes';
  if (!isGuarded) return null;
  if (findFact(key) !== null || ['all', 'any', 'none', 'not'].includes(key)) return below('when', key, part);
  return path[0] === 'rules' && actions.has(key) ? below('then', key, part) : null;
};

const below = (owner: string, key: string, part: unknown): Advice => {
  const isEmpty = isRecord(part) && part[owner] === null;
  if (isEmpty) return says(`Indent ${key} by two more spaces: it belongs below ${owner}:.`);
  const help = `Write it below ${owner}:, as ${owner}: { ${key}: … }.`;
  const value = isRecord(part) && !Object.hasOwn(part, owner) ? part[key] : undefined;
  return isJson(value) ? write({ part: 'entry', text: `${owner}: ${flow({ [key]: value })}` }, help) : says(help);
};

const MEANT: Readonly<Record<KeyKind, (fault: Fault, key: string) => Advice | null>> = {
  fact: meantFact,
  operator: meantOperator,
  action: meantAction,
  key: meantOther,
};
