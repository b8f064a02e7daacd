import type { Policy } from '../../compile/policy.ts';
import { View } from '../../compile/view.ts';
import type { GrantSyntax, RuleSyntax } from '../../syntax.ts';
import type { FactSource } from '../../value.ts';
import type { LintedSite, Surroundings } from '../check.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { type Played, play } from './play.ts';
import { type Session, sessionOf, type Traits } from './session.ts';

/*
 * What checks that play sessions share for one site: the compiled policies, and a budget of sessions. Once that is used up
 * nothing more is found; lint of a large site stays short.
 */

export interface Rehearsal {
  readonly policy: Policy;
  readonly reasoning: Reasoning;
  readonly surroundings: Surroundings | null;
  readonly grants: readonly RehearsedGrant[];
  readonly rules: ReadonlyMap<string, RuleSyntax>;
  /** How the policies answer; `null` when the budget is used up, or a rule throws. */
  readonly play: (traits: Traits) => Played | null;
}

export interface RehearsedGrant {
  readonly syntax: GrantSyntax;
  readonly asks: ReadonlySet<string>;
  /** Whether its condition may hold: what rules set before is not known here. `null` when the budget is used up. */
  readonly mayHold: (traits: Traits) => boolean | null;
}

const MOST_SESSIONS = 4000;
const MOST_TESTS = 60_000;

const made = new WeakMap<LintedSite, Rehearsal | null>();

/** `null` where the policies do not compile. */
export const rehearsalOf = (site: LintedSite): Rehearsal | null => {
  const known = made.get(site);
  if (known !== undefined) return known;
  const rehearsal = site.policy === null ? null : rehearse(site, site.policy);
  made.set(site, rehearsal);
  return rehearsal;
};

/** Counts down to zero. */
const budget = (most: number): (() => boolean) => {
  let left = most;
  return () => {
    left -= 1;
    return left >= 0;
  };
};

const rehearse = (site: LintedSite, policy: Policy): Rehearsal => {
  const sessions = budget(MOST_SESSIONS);
  const tests = budget(MOST_TESTS);
  const compiled = new Map(policy.plan('rcpt').grants.map((grant) => [grant.name, grant.when]));
  return {
    policy,
    reasoning: reasoningOf(site),
    surroundings: site.surroundings,
    rules: new Map(site.files.flatMap(({ rules }) => rules.map((rule): [string, RuleSyntax] => [rule.name, rule]))),
    play: (traits) => (sessions() ? attempted(() => play(policy, sessionOf(traits))) : null),
    grants: site.files
      .flatMap((file) => file.grants)
      .map((syntax) => {
        const test = compiled.get(syntax.name);
        const asks = new Set(test?.asks ?? []);
        const mayHold = (traits: Traits): boolean | null => {
          if (!tests()) return null;
          return test === undefined || setByRules(asks) ? true : test.truth(new View(factsOf(sessionOf(traits)))) === true;
        };
        return { syntax, asks, mayHold };
      }),
  };
};

/** A rule that throws is a fault of ours, and gets 451. */
const attempted = <T>(act: () => T): T | null => {
  try {
    return act();
  } catch {
    return null;
  }
};

/** Rules of the site may change what a condition reads. */
export const setByRules = (asks: ReadonlySet<string>): boolean =>
  [...asks].some((fact) => fact === 'tag' || fact === 'score' || fact.startsWith('result.'));

/** All that is known of a session at RCPT, if no rule changes it. */
const factsOf = ({ connection, client, user, sender, recipient, found }: Session): FactSource => {
  const own = new Map([
    ...Object.entries(connection),
    ...Object.entries(client),
    ...found,
    ...Object.entries({
      'sender.address': sender,
      'recipient.address': recipient,
      'recipient.index': 0,
      'auth.user': user,
      'auth.method': user === null ? null : 'plain',
      'message.declared_size': 4096,
      'message.smtputf8': false,
    }),
  ]);
  return { get: (fact) => own.get(fact) ?? (fact.startsWith('dnsbl.') ? null : own.get(fact)) };
};
