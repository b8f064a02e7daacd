import type { Located } from '../syntax.ts';
import type { Explained } from './explained.ts';
import { docOf, type Fault } from './fault.ts';
import { faultsOf } from './json-schema/check.ts';
import { says, write } from './meant/meant.ts';

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a sequence ([a, b])',
  object: 'a mapping ({ key: value })',
  null: 'nothing',
};

const YAML_1_1_TRUTH = /^(?:y|yes|n|no|on|off)$/i;

/** A value of the wrong type, with the surprise of YAML behind it where there is one. */
export const explainType = (fault: Fault, document: Located): Explained => {
  const wanted = wantedTypes(fault);
  const written = document.sourceOf(fault.path);
  const surprise = textSurprise(fault, written) ?? truthSurprise(wanted, fault.data) ?? addressSurprise(wanted, fault.data, written);
  return (
    surprise ?? {
      code: 'RLY1103',
      message: `${subject(fault)} must be ${wantedNames(wanted)}, not ${actual(fault.data)}`,
      help: advice(wanted, fault),
    }
  );
};

const wantedTypes = (fault: Fault): readonly string[] => {
  const { type } = fault.parameters;
  return Array.isArray(type) ? type.map(String) : String(type).split(',');
};

const wantedNames = (types: readonly string[]): string => types.map((type) => NAMES[type] ?? type).join(' or ');

const subject = (fault: Fault): string => {
  const last = fault.path.at(-1);
  return typeof last === 'string' ? last : typeof last === 'number' ? 'This entry' : 'The file';
};

const actual = (data: unknown): string => {
  if (data === null) return 'nothing';
  if (Array.isArray(data)) return 'a sequence';
  if (typeof data === 'object') return 'a mapping';
  return `the ${typeof data === 'boolean' ? 'truth value' : typeof data === 'string' ? 'text' : 'number'} ${JSON.stringify(data).slice(0, 60)}`;
};

const advice = (wanted: readonly string[], fault: Fault): string => {
  const doc = docOf(fault.schema);
  if (doc !== '') return doc;
  return fault.data === null ? 'Write a value behind the colon, or remove the key.' : `Write ${wantedNames(wanted)}.`;
};

/** `1.0`, `0777` and `true` are not text in YAML. Quotes help only where the text would be valid. */
const textSurprise = ({ schema, data }: Fault, written: string): Explained | null => {
  if (typeof data !== 'number' && typeof data !== 'boolean') return null;
  if (faultsOf(written, schema).length > 0) return null;
  const kind = typeof data === 'number' ? `the number ${data}` : 'a truth value';
  const advice = write({ part: 'value', text: `"${written}"` }, `Put it in quotes: "${written}".`);
  return { code: 'RLY1108', message: `${written} is read as ${kind}, not as text`, ...advice };
};

/** `yes` is a text in YAML 1.2. */
const truthSurprise = (wanted: readonly string[], data: unknown): Explained | null => {
  if (!wanted.includes('boolean') || typeof data !== 'string' || !YAML_1_1_TRUTH.test(data)) return null;
  const meant = /^(?:y|yes|on)$/i.test(data) ? 'true' : 'false';
  return { code: 'RLY1103', message: `${data} is text in YAML 1.2, not a boolean`, ...write({ part: 'value', text: meant }) };
};

/** `{ client.ip: 2001:db8:: }` is a mapping in a mapping. */
const addressSurprise = (wanted: readonly string[], data: unknown, written: string): Explained | null => {
  if (wanted.includes('object') || typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  const [key = '', ...others] = Object.keys(data);
  if (others.length > 0 || !/^(?:[0-9a-f]{0,4}:){1,7}[0-9a-f]{0,4}$/i.test(key)) return null;
  const help = `Put IPv6 addresses in quotes: "${key}:".`;
  const advice = written === `${key}:` ? write({ part: 'value', text: `"${key}:"` }, help) : says(help);
  return { code: 'RLY1103', message: `The last colon of ${key}: is read as YAML`, ...advice };
};
