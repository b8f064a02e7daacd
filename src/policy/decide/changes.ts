import type { AppliedEffect, Change, Effect } from '../decision.ts';
import type { Unmade } from '../definition.ts';
import type { Truth } from '../truth.ts';
import { UncertainSet, withMembers, withPoints } from '../uncertain.ts';
import { type FactValue, isCollection, Unknown } from '../value.ts';

/** Where rules read what earlier ones have left behind. */
export interface State {
  get(fact: string): FactValue | undefined;
  state(fact: string, value: FactValue): void;
}

/** Lets later rules see what an earlier one has set, tagged, scored or skipped, or may have. */
export const showToLaterRules = (change: Change, facts: State): void => {
  const { doubt } = change;
  switch (change.effect) {
    case 'set':
      for (const [name, value] of Object.entries(change.values)) {
        const fact = `result.${name}`;
        if (doubt === undefined) facts.state(fact, value);
        else if (facts.get(fact) !== value) facts.state(fact, new Unknown(doubt));
      }
      break;
    case 'tag':
      facts.state('tag', withMembers(facts.get('tag'), change.tags, doubt));
      break;
    case 'skip':
      facts.state('skip', withMembers(facts.get('skip'), change.groups, doubt));
      break;
    case 'score':
      facts.state('score', withPoints(facts.get('score'), change.points, doubt));
  }
};

/** The facts about message and envelope that an effect changes from the next hook on. */
export const factsChangedBy = ({ effect, name }: { readonly effect: Effect['effect']; readonly name?: string }): readonly string[] => {
  switch (effect) {
    case 'rewrite_sender':
      return ['sender.address'];
    case 'rewrite_recipient':
    case 'add_recipient':
    case 'redirect_to':
      return ['recipients', 'grant'];
    case 'rdns':
      return ['client.rdns', 'client.fcrdns'];
    case 'add_header':
    case 'replace_header':
    case 'remove_header':
      return headerFacts((name ?? '').toLowerCase());
    default:
      return [];
  }
};

const headerFacts = (name: string): readonly string[] => [
  `header.${name}`,
  `raw_header.${name}`,
  ...(name === 'message-id' ? ['message.id'] : []),
];

/** Facts of the message and the envelope that are known again after the effect, whatever they were before. */
export const factsSettledBy = (effect: AppliedEffect): readonly string[] =>
  effect.effect === 'rewrite_sender' || effect.effect === 'rdns' || effect.effect === 'replace_header' || effect.effect === 'remove_header'
    ? factsChangedBy(named(effect))
    : [];

const named = (effect: Effect): { readonly effect: Effect['effect']; readonly name?: string } =>
  'name' in effect && effect.name !== null ? { effect: effect.effect, name: effect.name } : { effect: effect.effect };

const IN_STATE: readonly Effect['effect'][] = ['set', 'tag', 'skip', 'score'];

/** What remains of an effect that may have happened; `null` if later rules cannot notice it. */
export const doubtedChange = (made: Effect | Unmade, by: string, doubt: string): Change | null => {
  if (made.effect !== 'unmade' && IN_STATE.includes(made.effect)) return { ...made, by, doubt };
  const facts = factsChangedBy(made.effect === 'unmade' ? { effect: made.of } : named(made));
  return facts.length === 0 ? null : { effect: 'unsettle', facts, by, doubt };
};

/** True when an earlier rule, of this hook or of one before, has said to skip the group; unknown when one may have. */
export const isSkipped = (group: string, skipped: FactValue | undefined): Truth => {
  if (skipped === undefined || skipped === null) return false;
  if (skipped instanceof UncertainSet && !skipped.certain.includes(group))
    return skipped.possible.has(group) || skipped.open !== null ? undefined : false;
  if (skipped instanceof UncertainSet) return true;
  if (skipped instanceof Unknown) return undefined;
  return isCollection(skipped) ? skipped.includes(group) : skipped === group;
};
