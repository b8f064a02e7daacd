import { actions } from '../../actions/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ActionSyntax, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const actionAtHook: LintCheck = {
  name: 'action-at-hook',
  codes: ['RLY3003'],
  doc: 'A rule uses only actions that work at its hook.',
  avoid: `
rules:
  - { id: early, on: rcpt, then: { add_header: { name: X-Seen, value: "yes" } } }
  - { id: late, on: disconnect, then: reject }
`,
  prefer: `
rules:
  - { id: in-time, on: data_post, then: { add_header: { name: X-Seen, value: "yes" } } }
  - { id: before, on: rcpt, when: { sender.null: true }, then: reject }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap((rule) => rule.actions.flatMap((action) => checkAction(action, rule))),
};

const checkAction = ({ action, argument }: ActionSyntax, rule: RuleSyntax): readonly Diagnostic[] => {
  const definition = actions.get(action);
  // An action that does not exist is the schema's to report.
  if (definition === undefined || definition.hooks.includes(rule.on)) return [];
  const help = `It works at ${definition.hooks.join(', ')}.`;
  return [diagnose('RLY3003', keyOf(argument), { message: `${action} has no effect at ${rule.on}`, help })];
};

/** The action's name, whether it stands alone or in front of an argument. */
const keyOf = (argument: ActionSyntax['argument']): Diagnostic['at'] =>
  argument.value === null ? argument.at : argument.spanOf([], 'key');
