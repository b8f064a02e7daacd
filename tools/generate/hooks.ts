import { actions } from '../../src/policy/actions/index.ts';
import { facts } from '../../src/policy/facts/index.ts';
import { HOOK_DOCS } from '../../src/policy/forms/hooks.ts';
import { HOOKS, type Hook } from '../../src/policy/hook.ts';
import { code, codes, table } from './markdown.ts';

const HEAD = `## Hooks

In the order in which they run. Within a hook: policies as configured, rules as written; the effects of every rule that
holds apply, and the first verdict ends the hook. A fault of our own, or a hook that takes longer than \`limits.hook\`, is 451.
`;

const EVERYWHERE = [...actions.values()].filter(({ hooks }) => hooks.length === HOOKS.length).map(({ name }) => name);

/** Look-ups in italics: they are made only if a rule of the hook asks. */
const newFacts = (hook: Hook): string =>
  [...facts.values()]
    .filter(({ from }) => from === hook)
    .map(({ name, lookUp }) => (lookUp === undefined ? code(name) : `*${code(name)}*`))
    .join(', ');

const actionsAt = (hook: Hook): string =>
  codes([...actions.values()].filter(({ name, hooks }) => hooks.includes(hook) && !EVERYWHERE.includes(name)).map(({ name }) => name));

/** When each hook runs, what a verdict does there, what becomes known, and what rules may do. */
export const hookSection = (): readonly string[] => [
  HEAD,
  table(
    ['hook', 'when it runs', 'a verdict', 'nothing decided'],
    HOOKS.map((hook) => {
      const { runs, verdict, undecided } = HOOK_DOCS[hook];
      return [code(hook), runs, verdict, undecided];
    }),
  ),
  `Facts that become known there (look-ups in italics), and actions beside those that every hook has: ${codes(EVERYWHERE)}.\n`,
  table(
    ['hook', 'new facts', 'actions'],
    HOOKS.map((hook) => [code(hook), newFacts(hook), actionsAt(hook)]),
  ),
];
