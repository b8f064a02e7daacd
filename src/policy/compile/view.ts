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

const NOTHING: FactSource = { get: () => undefined };

/** Where the value of one fact is kept. */
interface Slot {
  readonly definition: FactDefinition | null;
  value: FactValue | undefined;
}

/**
 * The facts as one evaluation sees them: what rules have set on the way, what the caller gave, what can be
 * derived from that, and a note of every look-up that was missed. Values are normalised once and kept for
 * the length of the evaluation, which reads the same few facts again and again. A view can serve one evaluation
 * after the other; it then allocates nothing for facts that it has seen before.
 */
export class View implements FactSource {
  #source: FactSource;
  readonly #slots = new Map<string, Slot>();
  /** Slots that hold a value; those beyond the count are of earlier evaluations. */
  readonly #filled: Slot[] = [];
  #count = 0;
  /** The last unknown that was read. */
  #unknown: Unknown | null = null;
  /** Names of look-ups that were read and nobody had made. */
  readonly wanted: string[] = [];

  constructor(source: FactSource = NOTHING) {
    this.#source = source;
  }

  /** Another evaluation begins, over these facts. */
  begin(source: FactSource): void {
    this.#source = source;
  }

  /** Forgets the facts, so that nothing of a session outlives its evaluation. */
  end(): void {
    this.#source = NOTHING;
    for (let at = 0; at < this.#count; at++) {
      const slot = this.#filled[at];
      if (slot) slot.value = undefined;
    }
    this.#count = 0;
    this.#unknown = null;
    if (this.wanted.length > 0) this.wanted.length = 0;
  }

  /** As definitions ask: derived and normalised; `undefined` where nothing is given or can be derived. */
  get(fact: string): FactValue | undefined {
    const slot = this.#slot(fact);
    return slot.definition === null ? (slot.value ?? this.#source.get(fact)) : this.#resolve(fact, slot, slot.definition);
  }

  /** As tests ask: what is not given is absent. */
  read(fact: string, definition: FactDefinition): FactValue {
    return this.#resolve(fact, this.#slot(fact), definition) ?? null;
  }

  /** States a fact that rules or grants of this hook have changed. */
  state(fact: string, value: FactValue): void {
    this.#keep(this.#slot(fact), value);
  }

  #slot(fact: string): Slot {
    const known = this.#slots.get(fact);
    if (known) return known;
    const fresh: Slot = { definition: findFact(fact), value: undefined };
    this.#slots.set(fact, fresh);
    return fresh;
  }

  #keep(slot: Slot, value: FactValue): void {
    if (slot.value === undefined) this.#filled[this.#count++] = slot;
    slot.value = value;
  }

  #resolve(fact: string, slot: Slot, definition: FactDefinition): FactValue | undefined {
    const kept = slot.value;
    if (kept !== undefined) return kept instanceof Unknown ? this.#noticed(kept) : kept;
    const stated = this.#source.get(fact);
    const given = stated === undefined && definition.derive !== undefined ? this.#derived(fact, definition.derive) : stated;
    if (given !== undefined) {
      const value = normalize(given, definition);
      if (value !== PENDING) this.#keep(slot, value);
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
