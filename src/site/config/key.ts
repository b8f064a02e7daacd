import type { Code, Finding } from '../../policy/diagnostic-codes.ts';
import type { Json, JsonObject, JsonSchema } from '../../policy/json.ts';
import type { Path } from '../../policy/syntax.ts';

/** What reading one key may need to know of the rest. */
export interface ReadContext {
  /** The site's folder, to which relative paths belong. */
  readonly root: string;
  /** The whole configuration as written. */
  readonly site: JsonObject;
}

/** A value that fits the schema and still cannot be used. `path` leads to it from the key. */
export interface KeyFault {
  readonly path: Path;
  readonly code: Code;
  readonly finding: Finding;
}

/** A key of the configuration, declared once: schema, documentation, default, type, how it is read, and what a schema cannot say. */
export interface Key<Value> {
  /** `description` is its documentation; `default` stands in where the key is left out. */
  readonly schema: JsonSchema;
  /** The mapping around it must have it. */
  readonly required: boolean;
  /** `undefined`: the key is left out. Throws only if the value does not fit the schema, a fault of our own. */
  readonly read: (value: Json | undefined, context: ReadContext) => Value;
  readonly check: (value: Json, context: ReadContext) => readonly KeyFault[];
}

/** `message_size` in the file is `messageSize` in the code. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;

export const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

export type Keys = Readonly<Record<string, Key<unknown>>>;

/** What a mapping with these keys is read into. */
export type ValuesOf<Declared extends Keys> = {
  readonly [Name in keyof Declared & string as CamelCase<Name>]: Declared[Name] extends Key<infer Value> ? Value : never;
};

const NO_FAULTS: readonly KeyFault[] = [];

const unfit = ({ description }: JsonSchema): Error => new Error(`a configuration value does not fit its schema: ${String(description)}`);

/** A key whose value `convert` reads; it gives `undefined` for what the schema should have refused. */
export const keyOf = <Value>(
  schema: JsonSchema,
  convert: (value: Json, context: ReadContext) => Value | undefined,
  check: Key<Value>['check'] = () => NO_FAULTS,
): Key<Value> => ({
  schema,
  required: schema.default === undefined,
  check,
  read: (written, context) => {
    const value = written ?? schema.default;
    const read = value === undefined ? undefined : convert(value, context);
    if (read === undefined) throw unfit(schema);
    return read;
  },
});

/** A key that may be left out; what that means is worked out from the rest. */
export const derived = <Value, Derived>(key: Key<Value>, derive: (context: ReadContext) => Derived): Key<Value | Derived> => ({
  ...key,
  required: false,
  read: (value, context) => (value === undefined ? derive(context) : key.read(value, context)),
});

/** A key that may be left out: `null`. */
export const optional = <Value>(key: Key<Value>): Key<Value | null> => derived(key, () => null);

/** The same key, its value made into another. */
export const mapped = <Value, Mapped>(key: Key<Value>, map: (value: Value) => Mapped): Key<Mapped> => ({
  ...key,
  read: (value, context) => map(key.read(value, context)),
});
