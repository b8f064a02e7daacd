import { isObject, type Json } from '../../json.ts';
import { parseDuration } from '../../quantity.ts';
import type { Fault } from '../fault.ts';
import { inRules } from './actions.ts';
import { inConditions } from './conditions.ts';
import { lists } from './lists.ts';
import { type Advice, either, keyOf, type Meant, says, write } from './meant.ts';
import { meantTarget } from './target.ts';
import { own } from './word.ts';
import { flow } from './written.ts';

/** What to write instead of a value that does not fit, if it is clear what is meant. */
export const meantValue = (fault: Fault, data: Json): Advice | null => {
  for (const meant of MEANT) {
    const advice = meant(fault, data);
    if (advice !== null) return advice;
  }
  return null;
};

const UNITS: Readonly<Record<string, string>> = {
  ...{ second: 's', seconds: 's', sec: 's', secs: 's', minute: 'm', minutes: 'm', min: 'm', mins: 'm', hour: 'h', hours: 'h', hr: 'h' },
  ...{ hrs: 'h', day: 'd', days: 'd', week: 'w', weeks: 'w', millisecond: 'ms', milliseconds: 'ms', sek: 's', std: 'h' },
};

/** `per: 60`, `delay: 5 minutes`, `per: hour`. */
const durations: Meant = ({ path, schema }, data) => {
  if (!/duration|time window/i.test(String(schema.description ?? ''))) return null;
  if (typeof data === 'number') return withUnit(keyOf(path), data);
  const [, count = '', word = ''] = /^(\d*)\s*([a-z]+)$/i.exec(String(data).trim()) ?? [];
  const unit = own(UNITS, word.toLowerCase()) ?? word.toLowerCase();
  const meant = `${count === '' ? '1' : count}${unit}`;
  return parseDuration(meant) === null ? null : write({ part: 'value', text: meant }, `Write ${keyOf(path)}: ${meant}.`);
};

const withUnit = (key: string, count: number): Advice => {
  const help = `Write the unit: ${key}: ${count}s for seconds, ${count}m for minutes.`;
  if (!Number.isInteger(count) || count < 0) return says(help);
  const unit = (letter: string): Advice => write({ part: 'value', text: `${count}${letter}`, safe: false }, help);
  return either(unit('s'), unit('m'));
};

/** `max: "100/1h"`, and a number in quotes. */
const numbers: Meant = ({ path, keyword, parameters }, data) => {
  const [, max, per] = /^(\d+)\s*\/\s*(\S+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  if (keyOf(path) === 'max' && max !== undefined && per !== undefined) return write({ part: 'entry', text: `max: ${max}\nper: ${per}` });
  return quotedNumber(keyword, String(parameters.type), data);
};

const quotedNumber = (keyword: string, type: string, data: Json): Advice | null =>
  keyword === 'type' && /^(?:number|integer)$/.test(type) && typeof data === 'string' && /^[-+]?\d+(?:\.\d+)?$/.test(data)
    ? write({ part: 'value', text: String(Number(data)) }, `Write ${Number(data)}, without quotes.`)
    : null;

const sections: Meant = ({ path, keyword }, data) =>
  keyword === 'type' && path.length === 1 && isObject(data) && ['grants', 'rules', 'routes', 'tests'].includes(keyOf(path))
    ? says('Begin each entry with a dash, "- id: …", and align its other keys with id.')
    : null;

const targets: Meant = ({ path }, data) => (path[0] === 'routes' && path.length === 3 && keyOf(path) === 'to' ? meantTarget(data) : null);

const versions: Meant = ({ path }, data) =>
  path.length === 1 && keyOf(path) === 'version' && String(data) === '1'
    ? write({ part: 'value', text: '1' }, 'Write version: 1, without quotes.')
    : null;

const ids: Meant = ({ path, keyword }, data) => {
  if (keyOf(path) !== 'id' || keyword !== 'pattern' || typeof data !== 'string') return null;
  const meant = data
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  const help = `Write id: ${meant}. An id has lower-case letters, digits, - and _, and begins with a letter.`;
  return meant === '' ? null : write({ part: 'value', text: flow(meant), safe: false }, help);
};

const MEANT: readonly Meant[] = [...inConditions, durations, ...inRules, lists, sections, targets, versions, ids, numbers];
