import { resolve } from 'node:path';
import type { ValueType } from '../../policy/definition.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../policy/json.ts';
import { duration } from '../../policy/types/duration.ts';
import { size } from '../../policy/types/size.ts';
import type { Scalar } from '../../policy/value.ts';

/** The schema has vouched for the shape: what does not fit here is a fault of our own, not of the author. */
const misfit = (key: string): Error => new Error(`configuration key ${key} does not have the shape its schema promises`);

const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const measured = (type: ValueType, value: Json | undefined, key: string): number => {
  const number = isScalar(value) ? type.normalize(value) : null;
  if (typeof number !== 'number') throw misfit(key);
  return number;
};

/** One mapping of the validated configuration, read key by key into the types it is used as. */
export class Section {
  readonly #value: JsonObject;
  readonly #root: string;

  /** `root` is the folder to which relative paths belong. */
  constructor(value: JsonObject, root: string) {
    this.#value = value;
    this.#root = root;
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined;
  }

  text(key: string): string {
    const value = this.#value[key];
    if (typeof value !== 'string') throw misfit(key);
    return value;
  }

  /** One of `words`; the schema has the same list. */
  word<const W extends string>(key: string, words: readonly W[]): W {
    const value = this.#value[key];
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw misfit(key);
    return word;
  }

  path(key: string): string {
    return resolve(this.#root, this.text(key));
  }

  count(key: string): number {
    const value = this.#value[key];
    if (typeof value !== 'number') throw misfit(key);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#value[key];
    if (typeof value !== 'boolean') throw misfit(key);
    return value;
  }

  /** Milliseconds. */
  duration(key: string): number {
    return measured(duration, this.#value[key], key);
  }

  durations(key: string): readonly number[] {
    return this.#items(key).map((item) => measured(duration, item, key));
  }

  /** Bytes. */
  size(key: string): number {
    return measured(size, this.#value[key], key);
  }

  texts(key: string): readonly string[] {
    return this.#items(key).map(String);
  }

  /** A mapping of names to a text or several. */
  names(key: string): Readonly<Record<string, string | readonly string[]>> {
    const value = this.#value[key];
    if (!isObject(value)) throw misfit(key);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, isArray(entry) ? entry.map(String) : String(entry)]));
  }

  section(key: string): Section {
    const value = this.#value[key];
    if (!isObject(value)) throw misfit(key);
    return new Section(value, this.#root);
  }

  sections(key: string): readonly Section[] {
    return this.#items(key).map((item) => {
      if (!isObject(item)) throw misfit(key);
      return new Section(item, this.#root);
    });
  }

  keys(): readonly string[] {
    return Object.keys(this.#value);
  }

  #items(key: string): readonly Json[] {
    const value = this.#value[key];
    if (!isArray(value)) throw misfit(key);
    return value;
  }
}
