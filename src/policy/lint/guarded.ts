import type { Hook } from '../hook.ts';
import type { ConditionSyntax, GrantSyntax, Named, PolicyFile, RouteSyntax, RuleSyntax } from '../syntax.ts';

export type FactCondition = Extract<ConditionSyntax, { kind: 'fact' }>;

/** Anything with a condition, and the hook at which the condition is asked. */
export interface Guarded {
  readonly kind: 'grant' | 'rule' | 'route';
  readonly hook: Hook;
  readonly named: Named;
  readonly when: ConditionSyntax | null;
  readonly unless: readonly ConditionSyntax[];
}

type Written = GrantSyntax | RuleSyntax | RouteSyntax;

const guarded = (kind: Guarded['kind'], hook: Hook, named: Written): Guarded => ({
  kind,
  hook,
  named,
  when: named.when,
  unless: named.unless,
});

/** Grants, rules and routes of a file. */
export const guardedOf = (file: PolicyFile): readonly Guarded[] => [
  ...file.grants.map((grant) => guarded('grant', 'rcpt', grant)),
  ...file.rules.map((rule) => guarded('rule', rule.on, rule)),
  ...file.routes.map((route) => guarded('route', 'get_mx', route)),
];

/** Conditions on facts, however deep they stand. */
export const factConditions = (condition: ConditionSyntax): readonly FactCondition[] => {
  switch (condition.kind) {
    case 'fact':
      return [condition];
    case 'not':
      return factConditions(condition.part);
    default:
      return condition.parts.flatMap(factConditions);
  }
};

/** All conditions on facts of one grant, rule or route. */
export const factConditionsOf = ({ when, unless }: Pick<Guarded, 'when' | 'unless'>): readonly FactCondition[] =>
  [...(when === null ? [] : [when]), ...unless].flatMap(factConditions);

/** The condition holds for everybody, whatever the session. */
export const isAlways = (condition: ConditionSyntax | null): boolean => {
  if (condition === null) return true;
  if (condition.kind === 'all') return condition.parts.every(isAlways);
  if (condition.kind === 'any') return condition.parts.some(isAlways);
  return condition.kind === 'none' && condition.parts.length === 0;
};

/** Nothing stands between this and the session. */
export const isUnconditional = ({ when, unless }: Pick<Guarded, 'when' | 'unless'>): boolean => isAlways(when) && unless.length === 0;

/** A condition as one text that is equal for equal conditions, wherever they stand. */
export const fingerprint = (condition: ConditionSyntax): string => {
  switch (condition.kind) {
    case 'fact':
      return JSON.stringify([condition.fact, condition.operators.map(({ operator, operand }) => [operator, operand.value])]);
    case 'not':
      return `not(${fingerprint(condition.part)})`;
    default:
      return `${condition.kind}(${condition.parts.map(fingerprint).sort().join(',')})`;
  }
};

/** `when` and `unless` together as one text. */
export const guardFingerprint = ({ when, unless }: Pick<Guarded, 'when' | 'unless'>): string =>
  `${when === null ? 'always' : fingerprint(when)} unless ${unless.map(fingerprint).sort().join(',')}`;

/** `when` and `unless` as one condition. */
export const guardOf = ({ when, unless, at }: Pick<Guarded, 'when' | 'unless'> & Pick<Named, 'at'>): ConditionSyntax => {
  const exceptions: readonly ConditionSyntax[] = unless.length === 0 ? [] : [{ kind: 'none', parts: unless, at }];
  const parts = [...(when === null ? [] : [when]), ...exceptions];
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'all', parts, at };
};
