import type { Truth } from '../truth.ts';
import type { Scalar } from '../value.ts';
import type { View } from './view.ts';

/** A compiled condition: its truth, asked often, and its reasons, asked when somebody wants to know. */
export interface Test {
  readonly truth: (view: View) => Truth;
  /** The sentences that made it what it is: of an `all` that fails, only the parts that failed. */
  readonly why: (view: View) => readonly string[];
  /** Full names of the facts it reads. */
  readonly asks: readonly string[];
  /** Needs a look-up: asked after everything that costs nothing. */
  readonly costly: boolean;
  /** It can only hold while this fact has one of these values: the index is built from it. */
  readonly only: { readonly fact: string; readonly values: readonly Scalar[] } | null;
}

export const ALWAYS: Test = { truth: () => true, why: () => [], asks: [], costly: false, only: null };
