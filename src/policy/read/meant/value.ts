import { isHook } from '../../hook.ts';
import { isArray, isObject, type Json } from '../../json.ts';
import { parseDuration } from '../../quantity.ts';
import type { Path } from '../../syntax.ts';
import type { Fault } from '../fault.ts';
import { meantTarget } from './target.ts';
import { own, plain } from './word.ts';
import { ACTION_FORMS, ACTION_NAMES, ACTION_WORDS, HOOK_WORDS, LIST_TYPE_WORDS } from './words.ts';
import { flow } from './written.ts';

/** What to write in the place of a value that does not fit, if it can be told what is meant. */
export const meantValue = (fault: Fault, data: Json): string | null => {
  for (const meant of MEANT) {
    const advice = meant(fault, data);
    if (advice !== null) return advice;
  }
  return null;
};

type Meant = (fault: Fault, data: Json) => string | null;

const keyOf = (path: Path): string => String(path.at(-1) ?? '');

/** Something below `when:` or `unless:`, or between their brackets. */
const isInCondition = (path: Path): boolean => path.includes('when') || path.includes('unless');

const conditions: Meant = ({ path, keyword }, data) => {
  const key = keyOf(path);
  if (keyword !== 'type' || !isInCondition(path)) return null;
  if (key === 'when' && isArray(data) && data.every(isObject))
    return `Write when: { all: ${several(data)} } if all of them must hold, when: { any: ${several(data)} } if one is enough.`;
  if (key === 'when' && data === null) return 'Write the conditions below it, indented by two more spaces.';
  if (key === 'when' && data === true) return 'Delete the line: without when: the rule applies always.';
  if ((key === 'all' || key === 'any' || key === 'none') && isObject(data))
    return `Write ${key}: [${entriesOf(data)}], with one condition an entry.`;
  if (key === 'not' && isArray(data)) return data.length === 1 ? `Write not: ${flow(data[0] ?? null)}.` : `Write none: ${several(data)}.`;
  if (key === 'unless' && isObject(data)) return `Write unless: [${flow(data)}].`;
  return typeof data === 'string' ? expression(key, data) : null;
};

const several = (data: readonly Json[]): string => flow([...data]);

const entriesOf = (data: { readonly [key: string]: Json }): string =>
  Object.entries(data)
    .map(([key, part]) => flow({ [key]: part }))
    .join(', ');

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['!=', 'ne'],
  ['=~', 'matches'],
  ['>', 'gt'],
  ['>=', 'gte'],
  ['<', 'lt'],
  ['<=', 'lte'],
  ['in', 'in'],
]);

/** `when: sender.domain == "a.example"`. */
const expression = (key: string, text: string): string | null => {
  const [, fact = '', operator = '', value = ''] = /^([a-z_]+\.[\w.-]+)\s*(==?|!=|=~|>=?|<=?|\bin\b)\s*(.+)$/.exec(text.trim()) ?? [];
  if (fact === '') return null;
  const operand = value.replace(/^(["'])(.*)\1$/, '$2');
  const name = OPERATORS.get(operator);
  return `Write ${key}: { ${fact}: ${name === undefined ? flow(operand) : `{ ${name}: ${flow(operand)} }`} }.`;
};

/** `message.size: "> 10MB"`, `time.hour: "9-17"`. */
const comparisons: Meant = ({ path }, data) => {
  if (!isInCondition(path) || typeof data !== 'string') return null;
  const [, operator = '', operand = ''] = /^(>=?|<=?|!=)\s*(\S+)$/.exec(data.trim()) ?? [];
  if (operand !== '') return `Write ${keyOf(path)}: { ${OPERATORS.get(operator) ?? 'ne'}: ${operand} }.`;
  const [, from, to] = /^(\d+)\s*(?:-|to|\.\.)\s*(\d+)$/.exec(data.trim()) ?? [];
  return from === undefined || to === undefined ? null : `Write ${keyOf(path)}: { gte: ${from}, lte: ${to} }.`;
};

/** `dnsbl.zen: true` asks whether there is an answer. */
const presence: Meant = ({ path, keyword }, data) =>
  keyword === 'type' && isInCondition(path) && typeof data === 'boolean' && /\./.test(keyOf(path))
    ? `Write ${keyOf(path)}: { exists: ${data} }, or the value that is meant.`
    : null;

const elements: Meant = ({ path, keyword }, data) => {
  if (keyword !== 'type' || keyOf(path) !== 'attachment' || isObject(data) || data === null || !isInCondition(path)) return null;
  const wanted = isArray(data) ? data.map(withoutDot) : withoutDot(data);
  return `Write attachment: { any: { extension: ${flow(wanted)} } }.`;
};

const withoutDot = (value: Json): Json => (typeof value === 'string' ? value.replace(/^\*?\./, '') : value);

/** `in: example.com`. */
const listNames: Meant = ({ path, keyword }, data) =>
  keyword === 'pattern' && typeof data === 'string' && ['in', 'not_in'].includes(keyOf(path))
    ? `in: takes the name of a list. For the value itself write [${flow(data)}].`.replace(/^in/, keyOf(path))
    : null;

const UNITS: Readonly<Record<string, string>> = {
  ...{ second: 's', seconds: 's', sec: 's', secs: 's', minute: 'm', minutes: 'm', min: 'm', mins: 'm', hour: 'h', hours: 'h', hr: 'h' },
  ...{ hrs: 'h', day: 'd', days: 'd', week: 'w', weeks: 'w', millisecond: 'ms', milliseconds: 'ms', sek: 's', std: 'h' },
};

/** `per: 60`, `delay: 5 minutes`, `per: hour`. */
const durations: Meant = ({ path, schema }, data) => {
  if (!/duration|time window/i.test(String(schema.description ?? ''))) return null;
  if (typeof data === 'number') return `Write the unit: ${keyOf(path)}: ${data}s for seconds, ${data}m for minutes.`;
  const [, count = '', word = ''] = /^(\d*)\s*([a-z]+)$/i.exec(String(data).trim()) ?? [];
  const unit = own(UNITS, word.toLowerCase()) ?? word.toLowerCase();
  const meant = `${count === '' ? '1' : count}${unit}`;
  return parseDuration(meant) === null ? null : `Write ${keyOf(path)}: ${meant}.`;
};

const hooks: Meant = ({ path }, data) => {
  if (path[0] !== 'rules' || keyOf(path) !== 'on' || path.length !== 3) return null;
  if (isArray(data)) return 'A rule has one hook: write the rule once for each, with an id of its own.';
  const word = plain(String(data)).replace(/^(?:hook|on)_/, '');
  const hook = isHook(word) ? word : own(HOOK_WORDS, word);
  return hook === null ? null : `Write on: ${hook}.`;
};

/** `then: DENY`, or the name of an action that needs a value. */
const actions: Meant = ({ path, keyword }, data) => {
  const isStep = path[0] === 'rules' && path[2] === 'then' && path.slice(3).every((step) => typeof step === 'number');
  if (!isStep || keyword !== 'enum' || typeof data !== 'string') return null;
  const action = own(ACTION_NAMES, plain(data)) ?? plain(data);
  const form = own(ACTION_FORMS, action);
  return form === null
    ? own(ACTION_WORDS, action)
    : `Write ${BARE.includes(action) ? `${action}, or with a reply of your own ` : ''}${form}.`;
};

const BARE = ['reject', 'defer'];

/** `reject: { code: 550, text: no }`, `add_header: "X-Name: text"`, `score: "+5"`. */
const arguments_: Meant = ({ path, keyword }, data) => {
  if (path[0] !== 'rules' || !path.includes('then') || keyword !== 'type') return null;
  const action = keyOf(path);
  if ((action === 'reject' || action === 'defer') && isObject(data)) {
    const parts = [data.code ?? (action === 'reject' ? 550 : 451), data.enhanced ?? data.status, data.text ?? data.message ?? data.reason];
    return `Write ${action}: ${JSON.stringify(parts.filter((part) => part !== undefined).join(' '))}.`;
  }
  return data === true ? withoutTrue(action) : headerField(action, data);
};

const headerField = (action: string, data: Json): string | null => {
  const [, name = '', text = ''] = /^([!-9;-~]+):\s*(.+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  return name !== '' && /_header$/.test(action) ? `Write ${action}: { ${name}: ${JSON.stringify(text)} }.` : null;
};

const withoutTrue = (action: string): string | null => {
  if (BARE.includes(action)) return `Write ${action} alone, as in then: ${action}, or with a reply of your own ${ACTION_FORMS[action]}.`;
  if (action === 'quarantine' || action === 'greylist') return `Write ${action}: {}, or the name alone: then: ${action}.`;
  return action === 'skip' ? 'Write skip: [GROUP], with the group of the rules to skip.' : null;
};

/** A number in quotes, with a sign or a unit that is none. */
const numbers: Meant = ({ path, keyword, parameters }, data) => {
  const [, max, per] = /^(\d+)\s*\/\s*(\S+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  if (keyOf(path) === 'max' && max !== undefined && per !== undefined) return `Write max: ${max}, per: ${per}.`;
  return quotedNumber(keyword, String(parameters.type), data);
};

const quotedNumber = (keyword: string, type: string, data: Json): string | null =>
  keyword === 'type' && /^(?:number|integer)$/.test(type) && typeof data === 'string' && /^[-+]?\d+(?:\.\d+)?$/.test(data)
    ? `Write ${Number(data)}, without quotes.`
    : null;

const lists: Meant = ({ path }, data) => {
  const key = keyOf(path);
  if (path[0] === 'lists' && path.length === 1 && isArray(data)) return 'Write each list as NAME: { type: domain, values: [example.com] }.';
  if (path[0] === 'lists' && path.length === 2 && isArray(data))
    return `Write ${key}: { type: ${typeOf(data)}, values: ${flow([...data])} }.`;
  if (path[0] === 'lists' && key === 'values' && typeof data === 'string') return `Write values: [${flow(data)}].`;
  const type = path[0] === 'lists' && key === 'type' ? own(LIST_TYPE_WORDS, plain(String(data))) : null;
  return type === null ? null : `Write type: ${type}.`;
};

const typeOf = (entries: readonly Json[]): string => {
  if (entries.every((entry) => /@/.test(String(entry)))) return 'address';
  return entries.every((entry) => /^[\d.]+(?:\/\d+)?$|:/.test(String(entry))) ? 'cidr' : 'domain';
};

const sections: Meant = ({ path, keyword }, data) =>
  keyword === 'type' && path.length === 1 && isObject(data) && ['grants', 'rules', 'routes', 'tests'].includes(keyOf(path))
    ? `Begin each of them with a dash: "- id: …", the other keys in the column of id.`
    : null;

const targets: Meant = ({ path }, data) => (path[0] === 'routes' && path.length === 3 && keyOf(path) === 'to' ? meantTarget(data) : null);

const versions: Meant = ({ path }, data) =>
  path.length === 1 && keyOf(path) === 'version' && String(data) === '1' ? 'Write version: 1, without quotes.' : null;

const ids: Meant = ({ path, keyword }, data) => {
  if (keyOf(path) !== 'id' || keyword !== 'pattern' || typeof data !== 'string') return null;
  const meant = data
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return meant === '' ? null : `Write id: ${meant}. Ids have lower-case letters, digits, - and _, and begin with a letter.`;
};

const MEANT: readonly Meant[] = [
  ...[
    conditions,
    elements,
    comparisons,
    listNames,
    durations,
    presence,
    hooks,
    actions,
    arguments_,
    lists,
    sections,
    targets,
    versions,
    ids,
  ],
  numbers,
];
