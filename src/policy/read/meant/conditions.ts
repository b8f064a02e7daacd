import { isArray, isObject, type Json } from '../../json.ts';
import type { Path } from '../../syntax.ts';
import { keyOf, type Meant } from './meant.ts';
import { flow } from './written.ts';

/** Inside `when:` or `unless:`. */
const isInCondition = (path: Path): boolean => path.includes('when') || path.includes('unless');

const conditions: Meant = ({ path, keyword }, data) => {
  const key = keyOf(path);
  if (keyword !== 'type' || !isInCondition(path)) return null;
  if (key === 'when' && isArray(data) && data.every(isObject))
    return `Write when: { all: ${several(data)} } if all must hold, or when: { any: ${several(data)} } if one is enough.`;
  if (key === 'when' && data === null) return 'Write the conditions below it, indented by two more spaces.';
  if (key === 'when' && data === true) return 'Delete the line: without when:, the rule always applies.';
  if ((key === 'all' || key === 'any' || key === 'none') && isObject(data))
    return `Write ${key}: [${entriesOf(data)}], one condition per entry.`;
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
    ? `Write ${keyOf(path)}: { exists: ${data} }, or the value you mean.`
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
    ? `${keyOf(path)}: takes the name of a list. For the value itself, write [${flow(data)}].`
    : null;

export const inConditions: readonly Meant[] = [conditions, elements, comparisons, listNames, presence];
