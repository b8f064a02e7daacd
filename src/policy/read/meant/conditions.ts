import { isArray, isObject, type Json } from '../../json.ts';
import type { Path } from '../../syntax.ts';
import { type Advice, either, keyOf, type Meant, says, write } from './meant.ts';
import { flow } from './written.ts';

/** Inside `when:` or `unless:`. */
const isInCondition = (path: Path): boolean => path.includes('when') || path.includes('unless');

const conditions: Meant = ({ path, keyword }, data) => {
  const key = keyOf(path);
  if (keyword !== 'type' || !isInCondition(path)) return null;
  if (key === 'when') return wholeCondition(data) ?? (typeof data === 'string' ? expression(key, data) : null);
  if ((key === 'all' || key === 'any' || key === 'none') && isObject(data))
    return write({ part: 'value', text: `[${entriesOf(data)}]` }, `Write ${key}: [${entriesOf(data)}], one condition per entry.`);
  if (key === 'not' && isArray(data))
    return data.length === 1 ? write({ part: 'entry', text: `not: ${flow(data[0] ?? null)}` }) : noneOf(several(data));
  if (key === 'unless' && isObject(data)) return write({ part: 'entry', text: `unless: [${flow(data)}]` });
  return typeof data === 'string' ? expression(key, data) : null;
};

const wholeCondition = (data: Json): Advice | null => {
  if (isArray(data) && data.every(isObject)) return allOrAny(several(data));
  if (data === null) return says('Write the conditions below it, indented by two more spaces.');
  if (data !== true) return null;
  return write({ part: 'entry', text: '' }, 'Delete the line: without when:, the rule always applies.');
};

const allOrAny = (parts: string): Advice =>
  either(
    write(
      { part: 'value', text: `{ all: ${parts} }`, safe: false },
      `Write when: { all: ${parts} } if all must hold, or when: { any: ${parts} } if one is enough.`,
    ),
    write({ part: 'value', text: `{ any: ${parts} }`, safe: false }),
  );

/** Whether a list behind `not:` means none of them, or not all of them, is not said. */
const noneOf = (parts: string): Advice => write({ part: 'entry', text: `none: ${parts}`, safe: false });

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
const expression = (key: string, text: string): Advice | null => {
  const [, fact = '', operator = '', value = ''] = /^([a-z_]+\.[\w.-]+)\s*(==?|!=|=~|>=?|<=?|\bin\b)\s*(.+)$/.exec(text.trim()) ?? [];
  if (fact === '') return null;
  const operand = value.replace(/^(["'])(.*)\1$/, '$2');
  const name = OPERATORS.get(operator);
  const condition = `{ ${fact}: ${name === undefined ? flow(operand) : `{ ${name}: ${flow(operand)} }`} }`;
  return write({ part: 'value', text: condition }, `Write ${key}: ${condition}.`);
};

/** `message.size: "> 10MB"`, `time.hour: "9-17"`. */
const comparisons: Meant = ({ path }, data) => {
  if (!isInCondition(path) || typeof data !== 'string') return null;
  const condition = compared(data.trim());
  return condition === null ? null : write({ part: 'value', text: condition }, `Write ${keyOf(path)}: ${condition}.`);
};

const compared = (text: string): string | null => {
  const [, operator = '', operand = ''] = /^(>=?|<=?|!=)\s*(\S+)$/.exec(text) ?? [];
  if (operand !== '') return `{ ${OPERATORS.get(operator) ?? 'ne'}: ${flow(operand)} }`;
  const [, from, to] = /^(\d+)\s*(?:-|to|\.\.)\s*(\d+)$/.exec(text) ?? [];
  return from === undefined || to === undefined ? null : `{ gte: ${from}, lte: ${to} }`;
};

/** `dnsbl.zen: true` asks whether there is an answer. */
const presence: Meant = ({ path, keyword }, data) =>
  keyword === 'type' && isInCondition(path) && typeof data === 'boolean' && /\./.test(keyOf(path))
    ? write({ part: 'value', text: `{ exists: ${data} }` }, `Write ${keyOf(path)}: { exists: ${data} }, or the value you mean.`)
    : null;

const elements: Meant = ({ path, keyword }, data) => {
  if (keyword !== 'type' || keyOf(path) !== 'attachment' || isObject(data) || data === null || !isInCondition(path)) return null;
  const wanted = isArray(data) ? data.map(withoutDot) : withoutDot(data);
  const condition = `{ any: { extension: ${flow(wanted)} } }`;
  return write({ part: 'value', text: condition }, `Write attachment: ${condition}.`);
};

const withoutDot = (value: Json): Json => (typeof value === 'string' ? value.replace(/^\*?\./, '') : value);

/** `in: example.com`. */
const listNames: Meant = ({ path, keyword }, data) =>
  keyword === 'pattern' && typeof data === 'string' && ['in', 'not_in'].includes(keyOf(path))
    ? write(
        { part: 'value', text: `[${flow(data)}]` },
        `${keyOf(path)}: takes the name of a list. For the value itself, write [${flow(data)}].`,
      )
    : null;

export const inConditions: readonly Meant[] = [conditions, elements, comparisons, listNames, presence];
