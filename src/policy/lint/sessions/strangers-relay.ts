import type { ConditionSyntax, RuleSyntax } from '../../syntax.ts';
import type { Rehearsal, RehearsedGrant } from './rehearsal.ts';
import { setByRules } from './rehearsal.ts';
import type { Traits } from './session.ts';
import { ADDRESSES, type Stranger, strangers } from './strangers.ts';

/** A session in which a stranger relays. */
export interface StrangersRelay {
  readonly stranger: Stranger;
  readonly traits: Traits;
  /** Clients of the other family are kept out. */
  readonly onlyFamily: 'IPv4' | 'IPv6' | null;
}

/** Addresses of a family that have to be let in: one network alone may be somebody whom the site knows. */
const ENOUGH = { IPv4: 3, IPv6: 2 } as const;

type Family = keyof typeof ENOUGH;

/** The first session found in which a stranger reaches one of the recipients by this grant. */
export const strangersRelay = (grant: RehearsedGrant, recipients: readonly string[], rehearsal: Rehearsal): StrangersRelay | null => {
  const { syntax, asks } = grant;
  const conditions = [syntax.when, ...syntax.unless, ...(setByRules(asks) ? settingConditions(rehearsal) : [])];
  for (const stranger of strangers(conditions, asks, rehearsal))
    for (const recipient of recipients) {
      const families = familiesOf({ grant, stranger, recipient, rehearsal });
      const [first] = families;
      if (first !== undefined)
        return { stranger, traits: { ...stranger, recipient, ip: first.ip }, onlyFamily: families.length === 1 ? first.family : null };
    }
  return null;
};

interface Attempt {
  readonly grant: RehearsedGrant;
  readonly stranger: Stranger;
  readonly recipient: string;
  readonly rehearsal: Rehearsal;
}

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** Families of which strangers get through, each with an address. */
const familiesOf = (attempt: Attempt): readonly { readonly family: Family; readonly ip: string }[] =>
  FAMILIES.flatMap((family) => {
    const through: string[] = [];
    for (const ip of ADDRESSES[family]) {
      if (getsThrough(attempt, ip)) through.push(ip);
      const [first] = through;
      if (first !== undefined && through.length >= ENOUGH[family]) return [{ family, ip: first }];
    }
    return [];
  });

const getsThrough = ({ grant, stranger, recipient, rehearsal }: Attempt, ip: string): boolean => {
  const traits = { ...stranger, recipient, ip };
  if (grant.mayHold(traits) !== true) return false;
  const played = rehearsal.play(traits);
  if (played === null || !played.accepted) return false;
  return !setByRules(grant.asks) || played.decision.grant === grant.syntax.name;
};

const MOST_SETTING = 20;

const SETS: ReadonlySet<string> = new Set(['tag', 'set', 'score']);

/** What rules ask before they set what the grant reads. */
const settingConditions = ({ rules }: Rehearsal): readonly ConditionSyntax[] =>
  [...rules.values()]
    .filter((rule: RuleSyntax) => rule.actions.some(({ action }) => SETS.has(action)))
    .slice(0, MOST_SETTING)
    .flatMap(({ when, unless }) => [...(when === null ? [] : [when]), ...unless]);
