import type { Evaluation } from '../decision.ts';
import type { Hook } from '../hook.ts';
import type { CompiledRoute } from './route.ts';
import type { CompiledGrant, CompiledRule } from './rule.ts';
import { indexing, type RuleIndex } from './rule-index.ts';

/** Everything one hook has to evaluate, in the order of the policies and of the rules in them. */
export interface Plan {
  readonly hook: Hook;
  /** Only at `rcpt`. */
  readonly grants: readonly CompiledGrant[];
  readonly rules: readonly CompiledRule[];
  /** Only at `get_mx`. */
  readonly routes: readonly CompiledRoute[];
  /** Which of them may hold. */
  readonly index: {
    readonly grants: RuleIndex<CompiledGrant>;
    readonly rules: RuleIndex<CompiledRule>;
    readonly routes: RuleIndex<CompiledRoute>;
  };
  /** Nothing to evaluate: the hook decides nothing, always. */
  readonly empty: boolean;
  /** What comes of it where no rule holds: always the same object, so that nothing is allocated for it. */
  readonly nothing: Evaluation;
  /** Full names of the facts that conditions of the hook read. */
  readonly asks: ReadonlySet<string>;
}

const nothingAt = (hook: Hook): Evaluation =>
  Object.freeze<Evaluation>({
    decision: Object.freeze<Evaluation['decision']>({
      hook,
      effects: Object.freeze([]),
      shadowed: Object.freeze([]),
      trace: Object.freeze([]),
      verdict: 'none',
    }),
    needs: Object.freeze([]),
  });

type Parts = Pick<Plan, 'hook' | 'grants' | 'rules' | 'routes'>;

/** Files a rule with every step. */
export function* planning(parts: Parts): Generator<void, Plan> {
  const { hook, grants, rules, routes } = parts;
  const tests = [...grants, ...rules, ...routes].map((part) => part.when);
  return {
    ...parts,
    index: {
      grants: yield* indexing(grants),
      rules: yield* indexing(rules),
      routes: yield* indexing(routes),
    },
    nothing: nothingAt(hook),
    empty: hook !== 'rcpt' && grants.length + rules.length + routes.length === 0,
    asks: new Set(tests.flatMap((test) => test.asks)),
  };
}
