import type { Meaning } from '../meaning.ts';
import type { Truth } from '../truth.ts';
import type { View } from './view.ts';

/** One way in which a value of a fact can let a test hold. */
export interface KeyPart {
  readonly fact: string;
  readonly meaning: Meaning;
}

/** A test with this key can hold only while one of its parts is so. */
export type Key = readonly KeyPart[];

/** A compiled condition: its truth, asked often, and its reasons, asked when somebody wants to know. */
export interface Test {
  readonly truth: (view: View) => Truth;
  /** The sentences that made it what it is: of an `all` that fails, only the parts that failed. */
  readonly why: (view: View) => readonly string[];
  /** Full names of the facts it reads. */
  readonly asks: readonly string[];
  /** Needs a look-up: asked after everything that costs nothing. */
  readonly costly: boolean;
  /** Each is a condition without which it cannot hold: the index is built from one of them. */
  readonly keys: readonly Key[];
}

export const ALWAYS: Test = { truth: () => true, why: () => [], asks: [], costly: false, keys: [] };
