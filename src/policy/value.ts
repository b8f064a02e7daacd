/** One simple value of a fact. Sizes are bytes, durations and dates milliseconds. */
export type Scalar = string | number | boolean;

/** What one field of an element holds. `null` is a field it does not have; several values where readers differ (`sets` of the fact). */
export type FieldValue = Scalar | readonly Scalar[] | null;

/** An element of a collection that has fields, an attachment for one. */
export type Fields = Readonly<Record<string, FieldValue>>;

export type Element = Scalar | Fields;

export type Known = Scalar | readonly Element[];

/**
 * What could not be found out, and why: the reason stays in the trace, so that a time-out can be told
 * from a server failure. Never equal to anything, never a rejection.
 */
export class Unknown {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }

  /** In logs and reports, as in templates. */
  toJSON(): string {
    return 'unknown';
  }
}

/** `null` is absent: the session has no such thing. It is not the empty string. */
export type FactValue = Known | null | Unknown;

/**
 * Where an evaluation takes its facts from. `undefined` means "not given here": then a derived fact is
 * derived, a look-up is wanted, and anything else is absent. `get` is asked again and again: keep it cheap.
 */
export interface FactSource {
  get(fact: string): FactValue | undefined;
}

export const isFields = (element: Element): element is Fields => typeof element === 'object';

export const isCollection = (value: FactValue): value is readonly Element[] => Array.isArray(value);
