import { PolicyError } from '../definition.ts';
import { findFact, keptName } from '../facts/find.ts';
import { operators } from '../operators/index.ts';
import type { ConditionSyntax, OperatorSyntax } from '../syntax.ts';
import { allOf, anyOf, negation, noneOf } from './combine.ts';
import { leaf } from './leaf.ts';
import { attempt, complain, type Scope } from './scope.ts';
import { ALWAYS, type Test } from './test.ts';
import { watchedPart, watchedWhole } from './watch.ts';

/** Compiles a condition. What is wrong with it goes to the scope's diagnostics; the test is then of no use. */
export const condition = (syntax: ConditionSyntax, scope: Scope): Test => {
  switch (syntax.kind) {
    case 'all':
      return allOf(syntax.parts.map((part) => condition(part, scope)));
    case 'any':
      return anyOf(syntax.parts.map((part) => condition(part, scope)));
    case 'none':
      return noneOf(syntax.parts.map((part) => condition(part, scope)));
    case 'not':
      return negation(condition(syntax.part, scope));
    case 'fact':
      return factTest(syntax, scope);
  }
};

/** `when` and `unless` of one rule: the condition holds and none of the exceptions does. */
export const guard = (when: ConditionSyntax | null, unless: readonly ConditionSyntax[], scope: Scope): Test => {
  const holds = when === null ? ALWAYS : condition(when, scope);
  const whole = unless.length === 0 ? holds : allOf([holds, noneOf(unless.map((exception) => condition(exception, scope)))]);
  return watchedWhole(whole, scope.watch);
};

const factTest = (syntax: Extract<ConditionSyntax, { kind: 'fact' }>, scope: Scope): Test => {
  const definition = findFact(syntax.fact);
  if (definition === null) {
    complain(
      scope,
      syntax.factAt,
      new PolicyError('RLY2001', `there is no fact \`${syntax.fact}\``, 'Use one of the facts of the reference.'),
    );
    return ALWAYS;
  }
  return allOf(syntax.operators.map((use) => operatorTest(keptName(syntax.fact), definition, use, scope)));
};

const operatorTest = (fact: string, definition: Parameters<typeof leaf>[1], use: OperatorSyntax, scope: Scope): Test => {
  const operator = operators.get(use.operator);
  if (operator === undefined) {
    complain(
      scope,
      use.at,
      new PolicyError('RLY2005', `there is no operator \`${use.operator}\``, 'Use one of the operators of the reference.'),
    );
    return ALWAYS;
  }
  const compiled = attempt(scope, use.operand, () => leaf(fact, definition, operator, use.operand.value, scope)) ?? ALWAYS;
  return watchedPart(compiled, use, scope.watch);
};
