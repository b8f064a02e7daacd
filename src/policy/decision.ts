import type { Hook } from './hook.ts';
import type { Reply } from './reply.ts';
import type { Scalar, Unknown } from './value.ts';

/**
 * What a hook decided. `by` is the full name of the rule or grant (`10-recipients/inbound`), or
 * `grants` when the absence of a grant decided, or `internal` for a fault of our own.
 */
export type Verdict =
  | { readonly verdict: 'none' }
  | { readonly verdict: 'accept'; readonly by: string }
  | { readonly verdict: 'discard'; readonly by: string }
  | { readonly verdict: 'quarantine'; readonly by: string; readonly reason: string }
  | { readonly verdict: 'disconnect'; readonly by: string }
  | ({ readonly verdict: 'reject' | 'defer'; readonly by: string; readonly disconnect: boolean } & Reply);

/** What a rule does beside its verdict; applied in the order written. Every text is final and free of control characters. */
export type Effect =
  | { readonly effect: 'set'; readonly values: Readonly<Record<string, Scalar | Unknown>> }
  | { readonly effect: 'tag'; readonly tags: readonly (string | Unknown)[] }
  | { readonly effect: 'score'; readonly points: number }
  | { readonly effect: 'skip'; readonly groups: readonly string[] }
  | { readonly effect: 'tarpit'; readonly milliseconds: number }
  | { readonly effect: 'rdns'; readonly name: string | null }
  | { readonly effect: 'add_header' | 'replace_header'; readonly name: string; readonly value: string }
  | { readonly effect: 'remove_header'; readonly name: string }
  | { readonly effect: 'rewrite_sender' | 'rewrite_recipient'; readonly address: string }
  /** `literals`: those of the addresses that the author has written out; all others need a grant. */
  | {
      readonly effect: 'add_recipient' | 'redirect_to';
      readonly addresses: readonly string[];
      readonly literals: readonly string[];
    }
  | {
      readonly effect: 'send';
      readonly to: readonly string[];
      readonly literals: readonly string[];
      readonly from: string;
      /** The author has written it out. */
      readonly fromLiteral: boolean;
      readonly subject: string;
      readonly text: string;
    }
  | { readonly effect: 'sign_dkim'; readonly domain: string; readonly selector: string; readonly key: string }
  | { readonly effect: 'hold'; readonly milliseconds: number }
  | { readonly effect: 'dsn'; readonly amount: 'never' | 'headers' | 'full' }
  | { readonly effect: 'log'; readonly text: string };

/**
 * An effect and the full name of the rule it comes from. With a `doubt` later rules cannot tell what it changed:
 * what it wrote, or whether it happened at all, could not be found out.
 */
export type AppliedEffect = Effect & { readonly by: string; readonly doubt?: string };

/**
 * What a hook changed for later rules, in order: its effects, those that an undecided rule would have had,
 * and facts that an undecided rule would have changed in the message or its envelope.
 */
export type Change = AppliedEffect | Unsettled;

export interface Unsettled {
  readonly effect: 'unsettle';
  readonly facts: readonly string[];
  /** What may hold instead; plain unknown if left out. */
  readonly value?: Unknown;
  readonly by: string;
  readonly doubt: string;
}

/** How one rule fared, for `explain`, the decision log and the tests. */
export interface RuleTrace {
  readonly id: string;
  readonly kind: 'grant' | 'rule' | 'route';
  /** `skipped`: an earlier rule has skipped its group; `not reached`: the hook was decided before. */
  readonly result: 'true' | 'false' | 'unknown' | 'skipped' | 'not reached';
  /** One sentence a test that decided the result; empty where nothing was asked. */
  readonly why: readonly string[];
  readonly shadow: boolean;
}

/** Where mail for one recipient goes: the route's target and options, as written and checked. */
export interface Route {
  readonly id: string;
  readonly to: string;
  readonly tls?: 'none' | 'opportunistic' | 'required' | 'verify';
  readonly auth?: { readonly user: string; readonly passwordFile: string };
  readonly sourceIp?: string;
  readonly helo?: string;
  readonly concurrency?: number;
  /** Of one transaction. */
  readonly recipients?: number;
  /** Default `bounce`. */
  readonly eightBit?: 'bounce' | 'encode';
  readonly rate?: { readonly count: number; readonly milliseconds: number };
}

/** What one hook decided about the facts given. Pure data: nothing has been done yet. */
export type Decision = Verdict & {
  readonly hook: Hook;
  readonly effects: readonly AppliedEffect[];
  /** What later hooks are to take over instead of `effects`; only where something was undecided. */
  readonly changes?: readonly Change[];
  /** At `rcpt`: the full name of the grant that held. */
  readonly grant?: string;
  /** At `get_mx`: the route that held. */
  readonly route?: Route;
  /** Full names of rules that held in shadow mode and would have decided. */
  readonly shadowed: readonly string[];
  /** Filled only when the caller asked for a trace. */
  readonly trace: readonly RuleTrace[];
};

/**
 * What the caller must find out before the hook can be decided. A look-up has no effect on anybody; a
 * limit and a greylist count, so they are asked one at a time, when all before them is settled. The
 * answer becomes the fact `name` at the next evaluation of the same hook.
 */
export type Need =
  | { readonly need: 'lookup'; readonly name: string }
  /** `limit.<rule>`: true when the key has used up its share. `cost` is what this event adds. */
  | {
      readonly need: 'limit';
      readonly name: string;
      readonly key: string;
      readonly cost: number;
      readonly max: number;
      readonly per: number;
    }
  /** `greylist.<rule>`: true when the key must still wait. Milliseconds. */
  | {
      readonly need: 'greylist';
      readonly name: string;
      readonly key: string;
      readonly delay: number;
      readonly window: number;
      readonly keep: number;
    };

export interface Evaluation {
  readonly decision: Decision;
  /** Empty: the decision stands. Otherwise find these out, side by side, and evaluate again. */
  readonly needs: readonly Need[];
}
