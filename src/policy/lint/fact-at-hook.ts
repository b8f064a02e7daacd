import { findFact } from '../facts/find.ts';
import { type Hook, hookOrder } from '../hook.ts';

/** Whether a fact may be used at a hook, and if not, from where on it may, or at which hooks alone. */
export type FactAtHook = { readonly known: true } | { readonly known: false; readonly early: boolean; readonly where: string };

/** A fact that does not exist is left to others: it counts as known here. */
export const factAtHook = (fact: string, hook: Hook): FactAtHook => {
  const definition = findFact(fact);
  if (definition === null) return { known: true };
  const { from, hooks } = definition;
  const early = hookOrder(hook) < hookOrder(from);
  if (hooks === undefined) return early ? { known: false, early, where: `from ${from} on` } : { known: true };
  return hooks.includes(hook) ? { known: true } : { known: false, early, where: `at ${hooks.join(', ')}` };
};
