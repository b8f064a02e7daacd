import type { ValueType } from '../definition.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { findFact } from '../facts/find.ts';
import {
  type Element,
  type FactSource,
  type FactValue,
  type FieldValue,
  isCollection,
  isFields,
  type Known,
  type Scalar,
  Unknown,
} from '../value.ts';

const PENDING = new Unknown('not looked up');

/**
 * The facts as one evaluation sees them: what rules have set on the way, what the caller gave, what can be
 * derived from that, and a note of every look-up that was missed. Values are normalised once and kept for
 * the length of the evaluation, which reads the same few facts again and again.
 */
export class View implements FactSource {
  readonly #source: FactSource;
  readonly #kept = new Map<string, FactValue>();
  /** The last unknown that was read. */
  #unknown: Unknown | null = null;
  /** Names of look-ups that were read and nobody had made. */
  readonly wanted: string[] = [];

  constructor(source: FactSource) {
    this.#source = source;
  }

  /** As definitions ask: derived and normalised; `undefined` where nothing is given or can be derived. */
  get(fact: string): FactValue | undefined {
    const found = findFact(fact);
    return found === null ? (this.#kept.get(fact) ?? this.#source.get(fact)) : this.#resolve(fact, found);
  }

  /** As tests ask: what is not given is absent. */
  read(fact: string, definition: FactDefinition): FactValue {
    return this.#resolve(fact, definition) ?? null;
  }

  /** States a fact that rules or grants of this hook have changed. */
  state(fact: string, value: FactValue): void {
    this.#kept.set(fact, value);
  }

  #resolve(fact: string, definition: FactDefinition): FactValue | undefined {
    const kept = this.#kept.get(fact);
    if (kept !== undefined) return kept instanceof Unknown ? this.#noticed(kept) : kept;
    const stated = this.#source.get(fact);
    const given = stated === undefined && definition.derive !== undefined ? this.#derived(fact, definition.derive) : stated;
    if (given !== undefined) {
      const value = normalize(given, definition);
      if (value !== PENDING) this.#kept.set(fact, value);
      return value instanceof Unknown ? this.#noticed(value) : value;
    }
    if (definition.lookUp === undefined) return undefined;
    if (!this.wanted.includes(fact)) this.wanted.push(fact);
    return this.#noticed(PENDING);
  }

  #noticed(unknown: Unknown): Unknown {
    this.#unknown = unknown;
    return unknown;
  }

  /** What is calculated from an unknown fact is unknown, whatever the calculation makes of it. */
  #derived(fact: string, derive: NonNullable<FactDefinition['derive']>): FactValue | undefined {
    const before = this.#unknown;
    this.#unknown = null;
    const value = derive(this, fact);
    const result = this.#lastUnknown() ?? value;
    this.#unknown = before;
    return result;
  }

  #lastUnknown(): Unknown | null {
    return this.#unknown;
  }
}

const normalize = (value: FactValue, definition: FactDefinition): FactValue => {
  if (value === null || value instanceof Unknown) return value;
  if (isCollection(value)) return value.map((element) => normalizeElement(element, definition));
  return known(normalizeElement(value, definition), definition);
};

/** A collection may be given as its only element. */
const known = (value: Element, definition: FactDefinition): Known => (definition.collection || isFields(value) ? [value] : value);

const normalizeElement = (element: Element, definition: FactDefinition): Element => {
  if (!isFields(element)) return normalScalar(element, definition.type);
  const types = definition.fields ?? {};
  return Object.fromEntries(Object.entries(element).map(([field, value]) => [field, normalField(value, types[field])]));
};

const normalField = (value: FieldValue, type: ValueType | undefined): FieldValue => {
  if (value === null) return null;
  return typeof value === 'object' ? value.map((one) => normalScalar(one, type)) : normalScalar(value, type);
};

/** What a client says need not be of the type (`HELO .EXAMPLE.com`); it still compares without case. */
const normalScalar = (value: Scalar, type: ValueType | undefined): Scalar =>
  type?.normalize(value) ?? (type?.caseless && typeof value === 'string' ? value.toLowerCase() : value);
