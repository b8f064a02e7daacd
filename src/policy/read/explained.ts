import type { Code, Finding } from '../diagnostic-codes.ts';
import type { Replacement } from './replacement.ts';

/** A finding, the code it is filed under, and what a machine can write in the place of the part that it is about. */
export interface Explained extends Finding {
  readonly code: Code;
  readonly instead?: readonly Replacement[];
}
