import type { Span } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import type { ActionSyntax, ConditionSyntax, GrantSyntax, Located, PolicyFile, RouteSyntax, RuleSyntax } from '../syntax.ts';

/*
 * The rules of a site as plain data: what was read, checked and compiled in one thread or process, to be compiled
 * again in another. Positions are left out: diagnostics were reported when the files were read.
 */

type PlainCondition =
  | { readonly kind: 'all' | 'any' | 'none'; readonly parts: readonly PlainCondition[] }
  | { readonly kind: 'not'; readonly part: PlainCondition }
  | { readonly kind: 'fact'; readonly fact: string; readonly operators: readonly { readonly operator: string; readonly operand: Json }[] };

interface PlainGuard {
  readonly when: PlainCondition | null;
  readonly unless: readonly PlainCondition[];
}

type Guarded = 'when' | 'unless';

type PlainGrant = Omit<GrantSyntax, Guarded> & PlainGuard;
type PlainRoute = Omit<RouteSyntax, Guarded | 'to' | 'options'> & PlainGuard & { readonly to: Json; readonly options: Json };
type PlainRule = Omit<RuleSyntax, Guarded | 'actions'> &
  PlainGuard & { readonly actions: readonly { readonly action: string; readonly argument: Json }[] };

/** One grant, rule or route, in the order of the policies. */
export type PolicyPart =
  | { readonly part: 'grant'; readonly syntax: GrantSyntax }
  | { readonly part: 'rule'; readonly syntax: RuleSyntax }
  | { readonly part: 'route'; readonly syntax: RouteSyntax };

export type PlainPart =
  | { readonly part: 'grant'; readonly plain: PlainGrant }
  | { readonly part: 'rule'; readonly plain: PlainRule }
  | { readonly part: 'route'; readonly plain: PlainRoute };

const NOWHERE: Span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };

const PLACES = { at: NOWHERE, idAt: NOWHERE } as const;

/** Every grant, rule and route of the files, in configured order. */
export function* partsOf(files: Iterable<PolicyFile>): Generator<PolicyPart> {
  for (const { grants, rules, routes } of files) {
    for (const syntax of grants) yield { part: 'grant', syntax };
    for (const syntax of rules) yield { part: 'rule', syntax };
    for (const syntax of routes) yield { part: 'route', syntax };
  }
}

const plainCondition = (condition: ConditionSyntax): PlainCondition => {
  switch (condition.kind) {
    case 'not':
      return { kind: 'not', part: plainCondition(condition.part) };
    case 'fact':
      return {
        kind: 'fact',
        fact: condition.fact,
        operators: condition.operators.map(({ operator, operand }) => ({ operator, operand: operand.value })),
      };
    default:
      return { kind: condition.kind, parts: condition.parts.map(plainCondition) };
  }
};

const plainGuard = ({ when, unless }: Pick<RuleSyntax, Guarded>): PlainGuard => ({
  when: when === null ? null : plainCondition(when),
  unless: unless.map(plainCondition),
});

const plainAction = ({ action, argument }: ActionSyntax): PlainRule['actions'][number] => ({ action, argument: argument.value });

export const plainPart = (one: PolicyPart): PlainPart => {
  const guard = plainGuard(one.syntax);
  switch (one.part) {
    case 'grant':
      return { part: 'grant', plain: { ...one.syntax, ...guard, ...PLACES, description: null } };
    case 'rule': {
      const actions = one.syntax.actions.map(plainAction);
      return { part: 'rule', plain: { ...one.syntax, ...guard, ...PLACES, onAt: NOWHERE, description: null, actions } };
    }
    case 'route': {
      const { to, options } = one.syntax;
      return { part: 'route', plain: { ...one.syntax, ...guard, ...PLACES, description: null, to: to.value, options: options.value } };
    }
  }
};

/** A value whose places stayed behind. */
class Placeless implements Located {
  readonly value: Json;
  readonly at = NOWHERE;

  constructor(value: Json) {
    this.value = value;
  }

  spanOf(): Span {
    return NOWHERE;
  }

  within(): Span {
    return NOWHERE;
  }

  sourceOf(): string {
    return '';
  }

  linesOf(): null {
    return null;
  }

  below(): Located {
    return this;
  }
}

/** A value that stands in no file. */
export const placeless = (value: Json): Located => new Placeless(value);

const revivedCondition = (condition: PlainCondition): ConditionSyntax => {
  switch (condition.kind) {
    case 'not':
      return { kind: 'not', part: revivedCondition(condition.part), at: NOWHERE };
    case 'fact': {
      const operators = condition.operators.map(({ operator, operand }) => ({ operator, operand: placeless(operand), at: NOWHERE }));
      return { kind: 'fact', fact: condition.fact, operators, at: NOWHERE, factAt: NOWHERE };
    }
    default:
      return { kind: condition.kind, parts: condition.parts.map(revivedCondition), at: NOWHERE };
  }
};

const NEVER: ConditionSyntax = { kind: 'any', parts: [], at: NOWHERE };

/** What `plainPart` was given, without its places. */
export const revivedPart = (one: PlainPart): PolicyPart => {
  const when = one.plain.when === null ? null : revivedCondition(one.plain.when);
  const unless = one.plain.unless.map(revivedCondition);
  switch (one.part) {
    case 'grant':
      return { part: 'grant', syntax: { ...one.plain, when: when ?? NEVER, unless } };
    case 'rule': {
      const actions = one.plain.actions.map(({ action, argument }) => ({ action, argument: placeless(argument), at: NOWHERE }));
      return { part: 'rule', syntax: { ...one.plain, when, unless, actions } };
    }
    case 'route': {
      const { to, options } = one.plain;
      return { part: 'route', syntax: { ...one.plain, when, unless, to: placeless(to), options: placeless(options) } };
    }
  }
};
