import type { ActionSyntax, RuleSyntax } from '../syntax.ts';

/** Actions that end the hook whenever the rule holds. `greylist` does so only while its key must wait. */
const FINAL: ReadonlySet<string> = new Set(['accept', 'reject', 'defer', 'discard', 'quarantine']);

/** The verdict of a rule, as written. */
export const verdictOf = (rule: RuleSyntax): ActionSyntax | null =>
  rule.actions.find(({ action }) => FINAL.has(action)) ?? rule.actions.find(isDisconnect) ?? null;

const isDisconnect = ({ action, argument }: ActionSyntax): boolean => action === 'disconnect' && argument.value !== false;

/** All actions of a rule of which only one can happen. */
export const competingVerdicts = (rule: RuleSyntax): readonly ActionSyntax[] => rule.actions.filter(({ action }) => FINAL.has(action));

/** The rule ends its hook for certain, once its condition holds: it counts nothing, may not be skipped and is no trial. */
export const endsHook = (rule: RuleSyntax): boolean =>
  verdictOf(rule) !== null && rule.limit === null && rule.group === null && rule.mode === 'enforce';
