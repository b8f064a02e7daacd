import type { ExplainedHook, ExplainedRule } from './explanation.ts';

/** Grants asked for one address, of a client or produced by a rule. */
export interface MissingGrant {
  readonly address: string;
  /** The one with the least in its way, an undecided one before others; `null`: there are no grants. */
  readonly nearest: ExplainedRule | null;
}

const nearness = ({ result, why }: ExplainedRule): number => why.length + (result === 'unknown' ? 0 : 0.5);

const nearestOf = (rules: readonly ExplainedRule[]): ExplainedRule | null =>
  rules
    .filter(({ kind }) => kind === 'grant')
    .reduce<ExplainedRule | null>((best, rule) => (best === null || nearness(rule) < nearness(best) ? rule : best), null);

/** For every address of the hook that no grant lets in. */
export const missingGrants = ({ recipient, rules, regrants = [], verdict }: ExplainedHook): readonly MissingGrant[] => {
  const asked = recipient !== undefined && verdict.by === 'grants' ? [{ address: recipient, rules }] : [];
  const produced = regrants.filter(({ grant }) => grant === null);
  return [...asked, ...produced].map(({ address, rules: all }) => ({ address, nearest: nearestOf(all) }));
};
