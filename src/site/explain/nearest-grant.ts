import type { ExplainedHook, ExplainedRule } from './explanation.ts';

/** An address, given by the client or produced by a rule, that no grant covers. */
export interface MissingGrant {
  readonly address: string;
  /** The grant with the fewest failed conditions, an undecided one before others; `null`: there are no grants. */
  readonly nearest: ExplainedRule | null;
}

const nearness = ({ result, why }: ExplainedRule): number => why.length + (result === 'unknown' ? 0 : 0.5);

const nearestOf = (rules: readonly ExplainedRule[]): ExplainedRule | null =>
  rules
    .filter(({ kind }) => kind === 'grant')
    .reduce<ExplainedRule | null>((best, rule) => (best === null || nearness(rule) < nearness(best) ? rule : best), null);

/** One for every address of the hook that no grant covers. */
export const missingGrants = ({ recipient, rules, regrants = [], verdict }: ExplainedHook): readonly MissingGrant[] => {
  const asked = recipient !== undefined && verdict.by === 'grants' ? [{ address: recipient, rules }] : [];
  const produced = regrants.filter(({ grant }) => grant === null);
  return [...asked, ...produced].map(({ address, rules: all }) => ({ address, nearest: nearestOf(all) }));
};
