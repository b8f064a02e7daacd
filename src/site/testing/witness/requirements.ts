import type { RulePart } from '../../../policy/compile/watch.ts';
import type { Guarded } from '../../../policy/lint/guarded.ts';
import type { ConditionSyntax, OperatorSyntax } from '../../../policy/syntax.ts';
import type { Truth } from '../../../policy/truth.ts';

/** One operator on one fact is to come out so. */
export interface Requirement {
  readonly fact: string;
  readonly operator: OperatorSyntax;
  readonly truth: Truth;
}

/** All of them together. */
export type Requirements = readonly Requirement[];

/** Ways that are tried; conditions with many `any` have very many. */
const FEW = 6;

const every = (parts: readonly (readonly Requirements[])[]): readonly Requirements[] =>
  parts.reduce<readonly Requirements[]>((ways, part) => ways.flatMap((way) => part.map((more) => [...way, ...more])).slice(0, FEW), [[]]);

/** Ways in which a condition comes out true or false. */
export const waysTo = (condition: ConditionSyntax, truth: boolean): readonly Requirements[] => {
  switch (condition.kind) {
    case 'fact': {
      const each = condition.operators.map((operator): Requirement => ({ fact: condition.fact, operator, truth }));
      return truth ? [each] : each.map((one) => [one]);
    }
    case 'not':
      return waysTo(condition.part, !truth);
    case 'all':
      return truth ? every(condition.parts.map((part) => waysTo(part, true))) : condition.parts.flatMap((part) => waysTo(part, false));
    case 'any':
      return truth ? condition.parts.flatMap((part) => waysTo(part, true)) : every(condition.parts.map((part) => waysTo(part, false)));
    case 'none':
      return truth ? every(condition.parts.map((part) => waysTo(part, false))) : condition.parts.flatMap((part) => waysTo(part, true));
  }
};

/** Ways in which a part of a condition comes out so and nothing else decides before; none where it is not a part of it. */
const waysToPart = (condition: ConditionSyntax, part: RulePart, truth: Truth): readonly Requirements[] => {
  switch (condition.kind) {
    case 'fact': {
      if (!condition.operators.some((one) => one === part)) return [];
      return [
        condition.operators.map((operator): Requirement => ({ fact: condition.fact, operator, truth: operator === part ? truth : true })),
      ];
    }
    case 'not':
      return waysToPart(condition.part, part, truth);
    default:
      return condition.parts.flatMap((one, index) => {
        const found = waysToPart(one, part, truth);
        const beside = condition.parts.filter((_, other) => other !== index).map((other) => waysTo(other, condition.kind === 'all'));
        return found.length === 0 ? [] : every([found, ...beside]);
      });
  }
};

/** Ways in which `when` and `unless` let a rule hold, or not. */
export const waysToGuard = ({ when, unless }: Pick<Guarded, 'when' | 'unless'>, truth: boolean): readonly Requirements[] => {
  const holds = when === null ? [[]] : waysTo(when, true);
  if (truth) return every([holds, ...unless.map((one) => waysTo(one, false))]);
  return [...(when === null ? [] : waysTo(when, false)), ...unless.flatMap((one) => every([waysTo(one, true), holds]))].slice(0, FEW);
};

/** Ways in which a part of `when` or `unless` comes out so. */
export const waysToPartOf = ({ when, unless }: Pick<Guarded, 'when' | 'unless'>, part: RulePart, truth: Truth): readonly Requirements[] => {
  const inWhen = when === null ? [] : every([waysToPart(when, part, truth), ...unless.map((one) => waysTo(one, false))]);
  const holds = when === null ? [[]] : waysTo(when, true);
  return [...inWhen, ...unless.flatMap((one) => every([waysToPart(one, part, truth), holds]))].slice(0, FEW);
};
