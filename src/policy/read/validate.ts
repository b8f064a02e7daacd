import type { Diagnostic } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import type { JsonSchema } from '../json.ts';
import type { Located, Path } from '../syntax.ts';
import { explainFault } from './explain-fault.ts';
import { type Fault, offendingKey } from './fault.ts';
import { foldFaults } from './fold-faults.ts';
import { faultsOf } from './json-schema/check.ts';

/** Faults reported per file; more of them usually come from one mistake in the structure. */
const MAX_FAULTS = 1000;

export interface Validation {
  /** One for each mistake, in the order of the file. Empty when the schema holds. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the schema does not hold: a value, or a key that is not allowed there. */
  readonly faulty: readonly Path[];
}

/** Compares a document with a closed JSON Schema and says one thing for each mistake, at the very key or value. */
export const validate = (document: Located, schema: JsonSchema): Validation => {
  const faults = foldFaults(faultsOf(document.value, schema));
  const found = faults.slice(0, MAX_FAULTS).map((fault) => explainFault(fault, document));
  found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return { diagnostics: [...found, ...more(found, faults.length)], faulty: faults.map(placeOf) };
};

const placeOf = (fault: Fault): Path => {
  const key = offendingKey(fault);
  return key === null ? fault.path : [...fault.path, key];
};

const more = (shown: readonly Diagnostic[], all: number): readonly Diagnostic[] => {
  const last = shown.at(-1);
  if (last === undefined || all <= shown.length) return [];
  const message = `${all - shown.length} more mistakes in this file are not shown`;
  return [diagnose('RLY1109', last.at, { message, help: 'Fix the ones shown first: many often share one cause.' })];
};
