import type { Effect, Need, Verdict } from './decision.ts';
import type { ExpressionBudget } from './expression-budget.ts';
import type { Hook } from './hook.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import type { Meaning } from './meaning.ts';
import type { Pattern } from './reason/pattern.ts';
import type { ListType } from './syntax.ts';
import type { Truth } from './truth.ts';
import type { FactSource, FactValue, Known, Scalar, Unknown } from './value.ts';

/*
 * A definition is one file: what a name of the language means, its documentation, its share of the JSON
 * Schemas, its examples, and its code. Index, schemas, completion and reference are generated from it.
 */

/** What kind of value a fact has: how it is written, normalised and compared. */
export interface ValueType {
  readonly name: string;
  readonly doc: string;
  /** JSON Schema of one literal of the type, as a policy writes it. */
  readonly literal: JsonSchema;
  /** Brings a literal or a fact's value into the one form in which equal values are `===`; `null` if it is invalid, or stands for several (`spans`). */
  readonly normalize: (value: Scalar) => Scalar | null;
  /** Further forms under which a value is also known (a grant's short id); compared like the value itself. */
  readonly aliases?: (value: Scalar) => readonly Scalar[];
  /** `gt` and its kin make sense. */
  readonly ordered: boolean;
  /** `glob`, `matches`, `contains` and their kin make sense. */
  readonly textual: boolean;
  /** Types of lists a value can be looked for in. */
  readonly lists: readonly ListType[];
  /** Letter case means nothing: the normal form is lower-case, and parts of a value are compared so too. */
  readonly caseless?: true;
  /** Brings part of a value, or a pattern for it, into the form in which values are kept, where more than letter case is at stake. */
  readonly part?: (text: string) => string;
  /** A literal may be written like an entry of this list, where one stands for many values: `10.0.0.0/8`, `@example.com`. */
  readonly entries?: ListType;
  /** True of a literal that stands for more than one value; such a one is never found by `===`. Only with `entries`. */
  readonly spans?: (literal: Scalar) => boolean;
  /** Every value that has a normal form, if it is left out. */
  readonly possible?: Possible;
}

/** Values that a session can have, where the form of a literal allows others: what tests and `explain` are given is held against it. */
export interface Possible {
  /** One sentence: what may be written. */
  readonly doc: string;
  readonly test: (value: Scalar) => boolean;
  /** A regular expression that every normalised value matches as a whole, in syntax that RE2 and JavaScript share. Lint reasons with it. */
  readonly form?: string;
  /** Every value is a whole number from the first to the second. */
  readonly range?: readonly [least: number, most: number];
}

/** An example is a test: the condition against the facts gives the result. */
export interface ConditionExample {
  readonly when: JsonObject;
  readonly given: Readonly<Record<string, Json>>;
  readonly holds: Truth;
}

/** A test of one present value, or of the whole fact (present or absent, never unknown). */
export type ValueTest = (value: Scalar, facts: FactSource) => Truth;
export type FactTest = (value: Known | null, facts: FactSource) => Truth;

export interface OperatorContext {
  readonly type: ValueType;
  readonly collection: boolean;
  readonly fields: Readonly<Record<string, ValueType>> | undefined;
  /** A list of the site, compiled; `undefined` if there is none of that name. */
  readonly list: (name: string) => Membership | undefined;
  /** Compiles a mapping of operators, for operators that nest (`count`, `any`, `every`). */
  readonly nested: (operators: Json, type: ValueType) => ValueTest;
  /** What regular expressions of all rules together may still take. */
  readonly expressions: ExpressionBudget;
  /** Reads another fact by name with its derivation, for `same_as`. */
  readonly read: (facts: FactSource, name: string) => FactValue;
}

/** A compiled list. */
export interface Membership {
  readonly type: ListType;
  readonly size: number;
  /** `value` in the normal form of its type. */
  readonly has: (value: Scalar) => boolean;
  /** The same without regard to case, where `has` regards it: for values of a caseless type. */
  readonly hasCaseless?: (value: Scalar) => boolean;
  /** All there is to it, where that is plain data: `open` of its definition makes the same list of them, elsewhere. */
  readonly tables?: ListTables;
  /** Its entries as written, where they are few. */
  readonly entries?: readonly string[];
}

/** Flat arrays that another thread or process can be given. */
export type ListTables = readonly (Uint8Array | Int32Array)[];

/** What is wrong with the entry at `index`, from 0. */
export interface EntryFault {
  readonly index: number;
  readonly message: string;
}

export interface CompiledList {
  readonly membership: Membership;
  /** Empty: every entry was understood. Otherwise the membership lacks the entries named here. */
  readonly faults: readonly EntryFault[];
}

/** A list type: how an entry is written and what is found in it. */
export interface ListDefinition {
  readonly name: ListType;
  readonly doc: string;
  /** An example is a test: every value of `has` is in a list of `entries`, none of `lacks` is. */
  readonly example: { readonly entries: readonly string[]; readonly has: readonly string[]; readonly lacks: readonly string[] };
  readonly compile: (entries: readonly string[]) => CompiledList;
  /** The list that `tables` were taken from. Only where lists are plain data. */
  readonly open?: (tables: ListTables, size: number) => Membership;
  /** What a value has to be for this entry to be the one that holds it; `null`: that cannot be said. */
  readonly means?: (entry: string, type: ValueType) => readonly Meaning[] | null;
  /** Exactly the texts that this entry matches, where `means` does not cover all of them; `null` if no pattern describes them. */
  readonly pattern?: (entry: string, type: ValueType) => Pattern | null;
}

interface OperatorCommon {
  readonly name: string;
  readonly doc: string;
  /** JSON Schema of the operand on a fact of this type; `null` where the operator makes no sense. */
  readonly operand: (type: ValueType, collection: boolean, fields: Readonly<Record<string, ValueType>> | undefined) => JsonSchema | null;
  /** How a trace puts it: `is in valid_rcpts` and `is not in valid_rcpts`. */
  readonly says: (operand: Json, held: boolean) => string;
  readonly examples: readonly ConditionExample[];
  /** What it says of two numbers it says of all between them. */
  readonly ordered?: true;
}

export type OperatorDefinition = OperatorCommon &
  (
    | {
        readonly asks: 'value';
        readonly compile: (operand: Json, context: OperatorContext) => ValueTest;
        /** The operator holds for no value that has none of these meanings; `null`: there is no telling. The operand compiles. */
        readonly means?: (operand: Json, context: OperatorContext) => readonly Meaning[] | null;
        /** Exactly the texts for which it holds, where `means` does not cover all of them; `null` if no pattern describes them. The operand compiles. */
        readonly pattern?: (operand: Json, context: OperatorContext) => Pattern | null;
        /** The operator that holds for a present value exactly when this one does not. */
        readonly opposite?: string;
      }
    | { readonly asks: 'fact'; readonly compile: (operand: Json, context: OperatorContext) => FactTest }
  );

/** Text with its `${fact}` filled in; control characters are gone from the result. */
export type Template = (facts: FactSource) => string;

/** The same, or the unknown fact that keeps the text from being known. */
export type ExactTemplate = (facts: FactSource) => string | Unknown;

export interface ActionContext {
  readonly hook: Hook;
  /** Full name of the rule. */
  readonly rule: string;
  readonly template: (text: string) => Template;
  /** For text that names or addresses something, where the word "unknown" would be wrong. */
  readonly exact: (text: string) => ExactTemplate;
  /** The value of another fact as text, normalised; `null` if absent. */
  readonly text: (facts: FactSource, fact: string) => string | null | Unknown;
}

/** Asks for something that counts; `undefined` while it is not known. */
export type Ask = (need: Exclude<Need, { need: 'lookup' }>) => Truth;

type Unattributed<V> = V extends unknown ? Omit<V, 'by'> : never;

/** An effect that could not be made, since an unknown fact is part of its address: the mail has to wait. */
export interface Unmade {
  readonly effect: 'unmade';
  readonly of: Effect['effect'];
  readonly reason: string;
}

export type MadeEffect = Effect & { readonly doubt?: string };

export type CompiledAction =
  | { readonly does: 'effect'; readonly make: (facts: FactSource) => MadeEffect | Unmade }
  /** `null`: no verdict after all; `undefined`: not known yet. */
  | {
      readonly does: 'verdict';
      /** Its value, if any. */
      readonly verdict: Exclude<Verdict['verdict'], 'none'>;
      readonly make: (facts: FactSource, ask: Ask) => Unattributed<Exclude<Verdict, { verdict: 'none' }>> | null | undefined;
    }
  /** Close the connection after whatever reply there is. */
  | { readonly does: 'disconnect' };

export interface ActionExample {
  readonly on: Hook;
  /** What stands behind `then:`. */
  readonly written: Json;
  readonly given: Readonly<Record<string, Json>>;
  /** The verdict, or the effects, as `site.decide` gives them: every field named here must be equal. */
  readonly decides: Json;
}

export interface ActionDefinition {
  readonly name: string;
  readonly doc: string;
  readonly hooks: readonly Hook[];
  /** JSON Schema of what stands behind the name; `bare: true` allows the name alone. */
  readonly argument: JsonSchema;
  readonly bare: boolean;
  /**
   * Several at once are that many actions: the fields of a mapping without `name` and `value`, each as such a pair, or the entries of a
   * sequence. `compile` is given one.
   */
  readonly several?: 'fields' | 'entries';
  readonly examples: readonly ActionExample[];
  /** `argument` has passed the schema. Throws `PolicyError` on what a schema cannot say. */
  readonly compile: (argument: Json, context: ActionContext) => CompiledAction;
}

/** A wrong argument found while compiling: becomes a diagnostic at the argument's place. `path` leads to the part. */
export class PolicyError extends Error {
  readonly code: `RLY${number}`;
  readonly help: string;
  readonly path: readonly (string | number)[];
  constructor(code: `RLY${number}`, message: string, help: string, path: readonly (string | number)[] = []) {
    super(message);
    this.code = code;
    this.help = help;
    this.path = path;
  }
}
