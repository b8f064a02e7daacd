import { actions } from '../../actions/index.ts';
import { findFact } from '../../facts/find.ts';
import { facts } from '../../facts/index.ts';
import { isObject, type Json } from '../../json.ts';
import { operators } from '../../operators/index.ts';
import type { Path } from '../../syntax.ts';
import { type Fault, knownKeys } from '../fault.ts';
import { own, plain } from './word.ts';
import {
  ACTION_FORMS,
  ACTION_NAMES,
  ACTION_WORDS,
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
export const meantKey = (fault: Fault, key: string, kind: KeyKind): string | null => afterComma(fault, key) ?? MEANT[kind](fault, key);

const valueAt = ({ data }: Fault, key: string): Json | undefined => {
  const found: unknown = isRecord(data) ? data[key] : undefined;
  return isJson(found) ? found : undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isJson = (value: unknown): value is Json => value !== undefined;

/** `{ reject: 550 Go away, please }`: a key without a value after a text. */
const afterComma = (fault: Fault, key: string): string | null => {
  if (valueAt(fault, key) !== null || !isRecord(fault.data)) return null;
  const keys = Object.keys(fault.data);
  const before = keys[keys.indexOf(key) - 1];
  const text = before === undefined ? undefined : fault.data[before];
  if (before === undefined || typeof text !== 'string' || !/\s/.test(text)) return null;
  return `The comma ended the value before it. If it is part of the text, quote the whole text: ${before}: ${JSON.stringify(`${text}, ${key}`)}.`;
};

const meantFact = (fault: Fault, key: string): string | null => {
  const word = plain(key);
  const value = valueAt(fault, key);
  const fact = own(FACT_WORDS, word);
  if (isObject(value) && !isOperators(value)) return memberAsFact(word, value) ?? own(CONDITION_WORDS, word);
  return fact === null ? own(CONDITION_WORDS, word) : `Write ${fact}${value === undefined ? '' : `: ${flow(value)}`}.`;
};

const isOperators = (value: { readonly [key: string]: Json }): boolean => Object.keys(value).every((key) => operators.has(key));

/** `recipient: { domain: x }` is `recipient.domain: x`, and `rcpt: { to: x }` the fact of that name. */
const memberAsFact = (family: string, value: { readonly [key: string]: Json }): string | null => {
  const known = new Set([...facts.keys()].map((name) => name.slice(0, name.indexOf('.'))));
  const named = known.has(family) ? family : (own(FACT_WORDS, family)?.split('.')[0] ?? null);
  if (named === null) return null;
  const members = Object.entries(value);
  const written = members.flatMap(([member, part]) =>
    findFact(`${named}.${member}`) === null ? [] : [`${named}.${member}: ${flow(part)}`],
  );
  return written.length > 0 && written.length === members.length ? `Write ${written.join(', ')}.` : null;
};

const meantOperator = (fault: Fault, key: string): string | null => {
  const value = valueAt(fault, key);
  const operator = own(OPERATOR_WORDS, key) ?? own(OPERATOR_WORDS, plain(key));
  if (operator === null) return key === 'between' ? 'Write { gte: FROM, lte: TO }.' : null;
  const many = Array.isArray(value) ? (MANY.get(operator) ?? operator) : operator;
  return `Write ${many}${value === undefined || value === null || isObject(value) ? '' : `: ${flow(value)}`}.`;
};

const MANY: ReadonlyMap<string, string> = new Map([
  ['eq', 'in'],
  ['ne', 'not_in'],
]);

const meantAction = (fault: Fault, key: string): string | null => {
  const action = own(ACTION_NAMES, plain(key));
  if (action === null) return own(ACTION_WORDS, plain(key));
  const value = valueAt(fault, key);
  return typeof value === 'string' ? `Write ${action}: ${flow(value)}.` : `Write ${own(ACTION_FORMS, action) ?? action}.`;
};

const meantOther = (fault: Fault, key: string): string | null => {
  const { path } = fault;
  const word = plain(key);
  if (path.length === 0)
    return CONFIG_WORDS.includes(word) && knownKeys(fault).includes('rules')
      ? `Write it in config/relay.yaml: a policy has lists, grants, rules, routes and tests.`
      : null;
  if (path.length !== 2) return null;
  const section = String(path[0]);
  const name = renamed(section, key);
  return name === null ? (own(KEY_WORDS[section], word) ?? belongsBelow(path, key, fault.data)) : `Write ${name}: instead.`;
};

/** Our name for a key of a grant, rule, route, list or test. */
export const renamed = (section: string, key: string): string | null => own(KEY_NAMES[section], plain(key));

/** A condition or an action next to `when:` and `then:` instead of inside them. */
const belongsBelow = (path: Path, key: string, part: unknown): string | null => {
  const isGuarded = path[0] === 'rules' || path[0] === 'grants' || path[0] === 'routes';
  if (!isGuarded) return null;
  if (findFact(key) !== null || ['all', 'any', 'none', 'not'].includes(key)) return below('when', key, part);
  return path[0] === 'rules' && actions.has(key) ? below('then', key, part) : null;
};

const below = (owner: string, key: string, part: unknown): string => {
  const isEmpty = isRecord(part) && part[owner] === null;
  return isEmpty
    ? `Indent ${key} by two more spaces: it belongs below ${owner}:.`
    : `Write it below ${owner}:, as ${owner}: { ${key}: … }.`;
};

const MEANT: Readonly<Record<KeyKind, (fault: Fault, key: string) => string | null>> = {
  fact: meantFact,
  operator: meantOperator,
  action: meantAction,
  key: meantOther,
};
