import type { ActionDefinition } from '../definition.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { HOOKS, type Hook } from '../hook.ts';

const named = (hooks: readonly Hook[]): string => hooks.map((hook) => `\`${hook}\``).join(', ');

/** At which hooks an action may stand, a sentence; empty if at all. */
export const whereAllowed = ({ hooks }: ActionDefinition): string => (hooks.length === HOOKS.length ? '' : `At ${named(hooks)}.`);

/** At which hooks a fact is known, a sentence; empty if at all. */
export const whereKnown = ({ hooks, from }: FactDefinition): string => {
  if (hooks !== undefined) return `Known at ${named(hooks)}.`;
  return from === HOOKS[0] ? '' : `Known from \`${from}\` on.`;
};

/** For editors alone, which show it in place of the description: messages about a mistake stay short. */
export const forEditors = (description: string, where: string): { readonly markdownDescription?: string } =>
  where === '' ? {} : { markdownDescription: `${description}\n\n${where}` };
