import type { Diagnostic } from '../../policy/diagnostic.ts';
import { type Code, diagnose, type Finding } from '../../policy/diagnostic-codes.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../policy/json.ts';
import type { Located, Path } from '../../policy/syntax.ts';

/** Looks at one thing that a schema cannot say: how keys of the configuration depend on one another. */
export type Check = (document: Located, config: JsonObject) => readonly Diagnostic[];

/** A diagnostic at the value that `path` leads to. */
export const at = (document: Located, path: Path, code: Code, finding: Finding): Diagnostic =>
  diagnose(code, document.spanOf(path, 'value'), finding);

/** The mappings of a sequence; empty if it is not a sequence. */
export const objects = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);
