import type { Diagnostic } from '../diagnostic.ts';
import type { JsonSchema } from '../json.ts';
import type { Located } from '../syntax.ts';
import { explainFault } from './explain-fault.ts';
import { foldFaults } from './fold-faults.ts';
import { faultsOf } from './json-schema/check.ts';

/** Faults shown per file; with more there is usually one mistake in the structure. */
const MAX_FAULTS = 100;

/**
 * Compares a document with a closed JSON Schema and says one thing for each mistake, at the very key or value. Empty
 * when the schema holds.
 */
export const validate = (document: Located, schema: JsonSchema): readonly Diagnostic[] => {
  const faults = foldFaults(faultsOf(document.value, schema)).slice(0, MAX_FAULTS);
  const found = faults.map((fault) => explainFault(fault, document));
  return found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
};
