import type { View } from '../compile/view.ts';
import type { AppliedEffect } from '../decision.ts';
import { isCollection } from '../value.ts';

/** Lets the later rules of a hook see what an earlier one has set. */
export function showToLaterRules(effect: AppliedEffect, view: View): void {
  if (effect.effect === 'set') for (const [name, value] of Object.entries(effect.values)) view.state(`result.${name}`, value);
  else if (effect.effect === 'tag') view.state('tag', [...strings(view, 'tag'), ...effect.tags]);
  else if (effect.effect === 'skip') view.state('skip', [...strings(view, 'skip'), ...effect.groups]);
  else if (effect.effect === 'score') view.state('score', score(view) + effect.points);
}

/** True when an earlier rule, of this hook or of one before, has said to skip the group. */
export const isSkipped = (group: string, view: View): boolean => strings(view, 'skip').includes(group);

function strings(view: View, fact: string): readonly string[] {
  const value = view.get(fact) ?? null;
  return isCollection(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
}

function score(view: View): number {
  const value = view.get('score');
  return typeof value === 'number' ? value : 0;
}
