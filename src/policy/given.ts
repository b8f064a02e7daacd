import type { ValueType } from './definition.ts';
import type { FactDefinition } from './fact-definition.ts';
import { isArray, isObject, type Json } from './json.ts';
import { didYouMean, listed } from './suggest.ts';
import type { Scalar } from './value.ts';

/*
 * What tests and `explain` are given stands for what a session was found to have. A value that no session can
 * have would make a test of nothing, so it is refused, here and nowhere else.
 */

/** Why a fact never has a value, and what to write instead; `path` leads to the part of the value. */
export interface GivenFault {
  readonly message: string;
  readonly help: string;
  readonly path: readonly (string | number)[];
}

/** Words that stand for no value of the fact. */
const WORDS = ['absent', 'unknown'];

const isScalar = (value: Json): value is Scalar => value !== null && typeof value !== 'object';

const shown = (value: Json): string => JSON.stringify(value).slice(0, 60);

/** What is wrong with a value given to a fact; `null`: a session can have it. */
export const givenFault = (definition: FactDefinition, name: string, value: Json): GivenFault | null => {
  if (value === null || value === 'absent' || value === 'unknown') return null;
  if (isArray(value)) return definition.collection ? elementFault(definition, name, value) : several(name);
  return elementOf(definition, name, value);
};

const several = (name: string): GivenFault => ({
  message: `${name} takes one value, not several`,
  help: 'Write it without brackets.',
  path: [],
});

const elementFault = (definition: FactDefinition, name: string, values: readonly Json[]): GivenFault | null => {
  for (const [index, value] of values.entries()) {
    const fault = elementOf(definition, name, value);
    if (fault) return { ...fault, path: [index, ...fault.path] };
  }
  return null;
};

const elementOf = (definition: FactDefinition, name: string, value: Json): GivenFault | null => {
  const { fields } = definition;
  if (isScalar(value)) return scalarFault({ ...definition, name }, value);
  if (fields && isObject(value)) return fieldsFault({ name, fields, sets: definition.sets ?? [] }, value);
  const help = fields ? `Write its fields: { ${Object.keys(fields).join(', ')} }.` : 'Write one value, or several in brackets.';
  return { message: `${shown(value)} is not a valid value for ${name}`, help, path: [] };
};

interface WithFields {
  readonly name: string;
  readonly fields: Readonly<Record<string, ValueType>>;
  readonly sets: readonly string[];
}

const fieldsFault = ({ name, fields, sets }: WithFields, value: Readonly<Record<string, Json>>): GivenFault | null => {
  for (const [field, part] of Object.entries(value)) {
    const type = fields[field];
    const known = Object.keys(fields);
    if (!type)
      return { message: `${name} has no field ${field}`, help: didYouMean(field, known, `Write one of: ${listed(known)}.`), path: [field] };
    const fault = fieldFault({ name: `${name}.${field}`, type }, part, sets.includes(field));
    if (fault) return { ...fault, path: [field] };
  }
  return null;
};

const fieldFault = (field: Valued, value: Json, isSet: boolean): GivenFault | null => {
  if (value === null) return null;
  if (isScalar(value)) return scalarFault(field, value);
  if (!isSet || !isArray(value) || value.length === 0) return several(field.name);
  return value.map((one) => fieldFault(field, one, false)).find((fault) => fault !== null) ?? null;
};

type Valued = Pick<FactDefinition, 'name' | 'type' | 'possible'>;

const scalarFault = ({ name, type, possible = type.possible }: Valued, value: Scalar): GivenFault | null => {
  const isText = typeof value === 'string' || type.literal.type !== 'string';
  if (!isText) return { message: `${name} is text, and ${shown(value)} is not`, help: `Put it in quotes: "${String(value)}".`, path: [] };
  if (type.spans?.(value) !== true && type.normalize(value) !== null && possible?.test(value) !== false) return null;
  return { message: `${name} is never ${shown(value)}`, help: suggestion(type, possible?.doc, value), path: [] };
};

const TRUTH_WORDS: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['on', 'true'],
  ['no', 'false'],
  ['off', 'false'],
]);

const suggestion = (type: ValueType, possible: string | undefined, value: Scalar): string => {
  const truth = type.name === 'boolean' ? TRUTH_WORDS.get(String(value).toLowerCase()) : undefined;
  if (truth) return `Write ${truth}.`;
  const { enum: words } = type.literal;
  const known = [...(isArray(words) ? words.map(String) : []), ...(type.name === 'boolean' ? ['true', 'false'] : []), ...WORDS];
  return didYouMean(String(value), known, possible ?? (isArray(words) ? `Write one of: ${listed(known, 24)}.` : type.doc));
};
