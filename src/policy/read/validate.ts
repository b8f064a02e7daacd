import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Diagnostic } from '../diagnostic.ts';
import type { JsonSchema } from '../json.ts';
import type { Located } from '../syntax.ts';
import { explainFault } from './explain-fault.ts';
import type { Fault } from './fault.ts';
import { foldFaults } from './fold-faults.ts';

/** Faults shown of one file; whoever has more has one mistake in the frame. */
const MAX_FAULTS = 100;

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

const validatorOf = (schema: JsonSchema): ValidateFunction => {
  const known = compiled.get(schema);
  if (known) return known;
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  const validator = ajv.compile(schema);
  compiled.set(schema, validator);
  return validator;
};

/**
 * Compares a document with a closed JSON Schema and says one thing for each mistake, at the very key or
 * value: ajv's alternatives that were never meant are folded away. Empty when the schema holds.
 */
export const validate = (document: Located, schema: JsonSchema): readonly Diagnostic[] => {
  const validator = validatorOf(schema);
  if (validator(document.value)) return [];
  const errors = (validator.errors ?? []).filter((error) => error.propertyName === undefined || error.keyword === 'propertyNames');
  const faults = foldFaults(errors.map(faultOf));
  const found = faults.slice(0, MAX_FAULTS).map((fault) => explainFault(fault, document));
  return found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
};

const faultOf = (error: ErrorObject): Fault => ({
  keyword: error.keyword,
  path: error.instancePath.split('/').slice(1).map(step),
  parameters: error.params,
  schema: error.parentSchema ?? {},
  data: error.data,
  message: error.message ?? 'does not fit',
});

/** RFC 6901: an index of a sequence and the same digits as a key look alike; places are kept under both kinds. */
const step = (token: string): string | number => {
  const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : name;
};
