import { findFact, knownAt } from '../facts/find.ts';
import { type Hook, hookOrder } from '../hook.ts';

/** Whether a fact may be used at a hook, and if not, from where on it may, or at which hooks alone. */
export type FactAtHook = { readonly known: true } | { readonly known: false; readonly early: boolean; readonly where: string };

/** A fact that does not exist is left to others: it counts as known here. */
export const factAtHook = (fact: string, hook: Hook): FactAtHook => {
  const definition = findFact(fact);
  if (definition === null) return { known: true };
  if (knownAt(definition, hook)) return { known: true };
  const { from, hooks } = definition;
  const early = hookOrder(hook) < hookOrder(from);
  return { known: false, early, where: hooks === undefined ? `from ${from} on` : `at ${hooks.join(', ')}` };
};
