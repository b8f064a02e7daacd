import { isObject, type Json } from '../../json.ts';
import { parseDuration } from '../../quantity.ts';
import type { Fault } from '../fault.ts';
import { inRules } from './actions.ts';
import { inConditions } from './conditions.ts';
import { lists } from './lists.ts';
import { keyOf, type Meant } from './meant.ts';
import { meantTarget } from './target.ts';
import { own } from './word.ts';

/** What to write instead of a value that does not fit, if it is clear what is meant. */
export const meantValue = (fault: Fault, data: Json): string | null => {
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
  if (typeof data === 'number') return `Write the unit: ${keyOf(path)}: ${data}s for seconds, ${data}m for minutes.`;
  const [, count = '', word = ''] = /^(\d*)\s*([a-z]+)$/i.exec(String(data).trim()) ?? [];
  const unit = own(UNITS, word.toLowerCase()) ?? word.toLowerCase();
  const meant = `${count === '' ? '1' : count}${unit}`;
  return parseDuration(meant) === null ? null : `Write ${keyOf(path)}: ${meant}.`;
};

/** `max: "100/1h"`, and a number in quotes. */
const numbers: Meant = ({ path, keyword, parameters }, data) => {
  const [, max, per] = /^(\d+)\s*\/\s*(\S+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  if (keyOf(path) === 'max' && max !== undefined && per !== undefined) return `Write max: ${max}, per: ${per}.`;
  return quotedNumber(keyword, String(parameters.type), data);
};

const quotedNumber = (keyword: string, type: string, data: Json): string | null =>
  keyword === 'type' && /^(?:number|integer)$/.test(type) && typeof data === 'string' && /^[-+]?\d+(?:\.\d+)?$/.test(data)
    ? `Write ${Number(data)}, without quotes.`
    : null;

const sections: Meant = ({ path, keyword }, data) =>
  keyword === 'type' && path.length === 1 && isObject(data) && ['grants', 'rules', 'routes', 'tests'].includes(keyOf(path))
    ? `Begin each entry with a dash, "- id: …", and align its other keys with id.`
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
  return meant === '' ? null : `Write id: ${meant}. An id has lower-case letters, digits, - and _, and begins with a letter.`;
};

const MEANT: readonly Meant[] = [...inConditions, durations, ...inRules, lists, sections, targets, versions, ids, numbers];
