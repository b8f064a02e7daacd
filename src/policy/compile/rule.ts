import { actions } from '../actions/index.ts';
import { type ActionContext, type CompiledAction, PolicyError } from '../definition.ts';
import { keptName } from '../facts/find.ts';
import type { ActionSyntax, GrantSyntax, RuleSyntax } from '../syntax.ts';
import { Unknown } from '../value.ts';
import { guard } from './condition.ts';
import { type CompiledLimit, limit } from './limit.ts';
import { attempt, complain, type Scope } from './scope.ts';
import { asText, exactTemplate, template } from './template.ts';
import type { Test } from './test.ts';
import { watchedLimit } from './watch.ts';

export interface CompiledGrant {
  readonly name: string;
  /** Recipients that a next hop may route on are let in like others. */
  readonly untrustedRouting: boolean;
  readonly when: Test;
}

export interface CompiledRule {
  readonly name: string;
  readonly group: string | null;
  readonly when: Test;
  readonly limit: CompiledLimit | null;
  readonly effects: readonly Extract<CompiledAction, { does: 'effect' }>[];
  readonly verdict: Extract<CompiledAction, { does: 'verdict' }> | null;
  readonly disconnect: boolean;
  /** An unknown outcome defers instead of skipping the rule. */
  readonly defersOnUnknown: boolean;
  readonly shadow: boolean;
}

export const compileGrant = (syntax: GrantSyntax, scope: Scope): CompiledGrant => ({
  name: syntax.name,
  untrustedRouting: syntax.untrustedRouting,
  when: guard(syntax.when, syntax.unless, scope),
});

export const compileRule = (syntax: RuleSyntax, scope: Scope): CompiledRule => {
  const compiled = syntax.actions.map((use) => compileAction(use, syntax, scope)).filter((action) => action !== null);
  return {
    name: syntax.name,
    group: syntax.group,
    when: guard(syntax.when, syntax.unless, scope),
    limit: syntax.limit === null ? null : watchedLimit(limit(syntax.limit, syntax.name), syntax.limit, scope.watch),
    effects: compiled.filter((action) => action.does === 'effect'),
    verdict: compiled.find((action) => action.does === 'verdict') ?? null,
    disconnect: compiled.some((action) => action.does === 'disconnect'),
    defersOnUnknown: syntax.onUnknown === 'defer',
    shadow: syntax.mode === 'shadow',
  };
};

const compileAction = (use: ActionSyntax, rule: RuleSyntax, scope: Scope): CompiledAction | null => {
  const definition = actions.get(use.action);
  if (definition === undefined) {
    complain(scope, use.at, new PolicyError('RLY2006', `there is no action \`${use.action}\``, 'Use one of the actions of the reference.'));
    return null;
  }
  return attempt(scope, use.argument, () => definition.compile(use.argument.value, contextOf(rule)));
};

const contextOf = (rule: RuleSyntax): ActionContext => ({
  hook: rule.on,
  rule: rule.name,
  template,
  exact: exactTemplate,
  text: (facts, fact) => {
    const value = facts.get(keptName(fact)) ?? null;
    return value === null || value instanceof Unknown ? value : asText(value);
  },
});
