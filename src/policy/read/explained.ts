import type { Code, Finding } from '../diagnostic-codes.ts';

/** A finding and the code it is filed under. */
export interface Explained extends Finding {
  readonly code: Code;
}
