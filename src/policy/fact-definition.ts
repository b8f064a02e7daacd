import type { ConditionExample, Possible, ValueType } from './definition.ts';
import type { Hook } from './hook.ts';
import type { Services } from './services.ts';
import type { FactSource, FactValue } from './value.ts';

/** `connection`, `transaction` and `recipient` say how long a fact, once found out, stays true. */
export type Lifetime = 'connection' | 'transaction' | 'recipient';

/**
 * `session`: what the client has said, and what we know of it; `message`: what arrived after DATA; `lookup`: asked of a service;
 * `rules`: what grants and rules have left behind; `delivery`: the attempt; `derived`: calculated from other facts.
 */
export type FactProvider = FactDefinition['provider'];

interface FactCommon {
  /** `client.ip`, or `header.<name>` for a family whose last part the author chooses. */
  readonly name: string;
  readonly type: ValueType;
  /** The value is a set of the type. Fields of one element, if it has any, by name. */
  readonly collection: boolean;
  readonly fields?: Readonly<Record<string, ValueType>>;
  /** The form of their values, where it is narrower than their types. */
  readonly fieldForms?: Readonly<Record<string, Possible>>;
  /** Fields of which one element may have several values. */
  readonly sets?: readonly string[];
  /** First hook that may use it. */
  readonly from: Hook;
  /** The only hooks that may use it, where "from here on" is not the whole truth. */
  readonly hooks?: readonly Hook[];
  readonly lifetime: Lifetime;
  /** One line, a sentence. */
  readonly doc: string;
  readonly example: ConditionExample;
  /** In the place of what is possible for its type. */
  readonly possible?: Possible;
  /** Stays with the queued message, so that delivery hooks may read it. A look-up is kept where it was made, and made again where it was not. */
  readonly keptWithMail?: true;
  /** Rules or grants change it: `at once` for those that follow at the same hook, or `later`, from the next hook on. */
  readonly changedByRules?: 'at once' | 'later';
  /**
   * The key of config/relay.yaml that configures the look-up; for a family, the key whose entries are its members. Lint reports
   * every use of the fact if the key is missing.
   */
  readonly configuredBy?: string;
  /** Derived from this address alone: the part before or behind its last `@`, or (`null`) only whether there is one. */
  readonly partOf?: { readonly fact: string; readonly part: 'before' | 'behind' | null };
}

/** Calculated from other facts when nobody gives it; `undefined` if they are not given either. `name` is the full name asked for. */
type Derivation = (facts: FactSource, name: string) => FactValue | undefined;

/** Made only when a rule needs it. Rejection and abort make the fact unknown. */
interface LookedUp {
  readonly lookUp: (request: LookUp) => Promise<FactValue>;
  /** What tests take the look-up to have found when they do not give it. */
  readonly assumed: AssumedValue;
}

interface NotLookedUp {
  readonly lookUp?: undefined;
  readonly assumed?: undefined;
}

export type FactDefinition = FactCommon &
  (
    | ({ readonly provider: 'session' | 'delivery' } & NotLookedUp & { readonly derive?: undefined })
    | ({ readonly provider: 'message' | 'rules' } & (LookedUp | NotLookedUp) & { readonly derive?: Derivation })
    | ({ readonly provider: 'lookup' } & LookedUp & { readonly derive?: undefined })
    | ({ readonly provider: 'derived' } & NotLookedUp & { readonly derive: Derivation })
  );

/** The value that a good citizen has: a client with its DNS in order, listed nowhere, whose mail is its own. */
export interface AssumedValue {
  /** The value in words, a phrase that goes on after "In tests that do not give it:". */
  readonly doc: string;
  /** Other values the test gives are taken into account, so that they do not contradict each other. */
  readonly value: (facts: FactSource, name: string) => FactValue;
}

export interface LookUp {
  /** The full name asked for, `dnsbl.zen`. */
  readonly name: string;
  /** What the session was given or has found out; nothing derived, nothing normalised. */
  readonly facts: FactSource;
  readonly services: Services;
  /** Aborted when the hook's deadline passes. */
  readonly signal: AbortSignal;
}
