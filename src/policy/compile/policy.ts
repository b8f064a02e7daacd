import type { Membership } from '../definition.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { ExpressionBudget } from '../expression-budget.ts';
import { HOOKS, type Hook } from '../hook.ts';
import { compileList } from '../lists/compile.ts';
import type { PolicyFile } from '../syntax.ts';
import { type PolicyPart, partsOf } from './outline.ts';
import { type Plan, planning } from './plan.ts';
import { type CompiledRoute, compileRoute } from './route.ts';
import { type CompiledGrant, type CompiledRule, compileGrant, compileRule } from './rule.ts';
import type { Scope } from './scope.ts';
import type { Watch } from './watch.ts';

/** The policies of a site, compiled: one plan a hook. Immutable, so that an open transaction can go on with the one it began with. */
export interface Policy {
  /** Short, and different whenever anything that decides is different. */
  readonly version: string;
  readonly plan: (hook: Hook) => Plan;
  readonly lists: ReadonlyMap<string, Membership>;
  /** Grants, rules and routes. */
  readonly rules: number;
  /** True when some condition of the hook reads the fact, or one of the family (`header`). */
  readonly asks: (hook: Hook, fact: string) => boolean;
  readonly watch?: Watch | undefined;
}

export interface Compilation {
  /** `null` when a diagnostic is an error, or a part is missing. */
  readonly policy: Policy | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is compiled: lists that are ready, and the parts in configured order. */
export interface Uncompiled {
  readonly version: string;
  readonly lists: ReadonlyMap<string, Membership>;
  readonly parts: Iterable<PolicyPart>;
  /** Hears how parts of conditions come out. */
  readonly watch?: Watch | undefined;
}

/** Compiles the policies of a site, in configured order. There is no policy where a part with a fault was left out. */
export const compilePolicy = (files: readonly PolicyFile[], version: string, watch?: Watch): Compilation => {
  const diagnostics: Diagnostic[] = [];
  const lists = compileLists(files, diagnostics);
  const steps = compiling({ version, lists, parts: partsOf(files), watch }, diagnostics);
  const lacksParts = files.some(({ leftOut }) => leftOut.length > 0);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return lacksParts ? { ...step.value, policy: null } : step.value;
  }
};

/** Compiles a small part with every step, so that a process that serves mail can do it between other work. */
export function* compiling({ version, lists, parts, watch }: Uncompiled, diagnostics: Diagnostic[] = []): Generator<void, Compilation> {
  const compiled = yield* compileParts(parts, { lists, diagnostics, expressions: new ExpressionBudget(), watch });
  if (diagnostics.length > 0) return { policy: null, diagnostics };
  const plans = new Map<Hook, Plan>();
  for (const hook of HOOKS) {
    plans.set(hook, yield* planning(partsFor(hook, compiled)));
    yield;
  }
  const plan = (hook: Hook): Plan => {
    const found = plans.get(hook);
    if (!found) throw new TypeError(`there is no hook ${hook}`);
    return found;
  };
  const rules = compiled.grants.length + compiled.rules.length + compiled.routes.length;
  return { policy: { version, plan, lists, rules, asks: (hook, fact) => asks(plan(hook), fact), watch }, diagnostics };
}

const asks = (plan: Plan, fact: string): boolean => plan.asks.has(fact) || [...plan.asks].some((asked) => asked.startsWith(`${fact}.`));

const compileLists = (files: readonly PolicyFile[], diagnostics: Diagnostic[]): ReadonlyMap<string, Membership> => {
  const lists = new Map<string, Membership>();
  for (const list of files.flatMap((file) => file.lists)) {
    const compiled = compileList(list);
    diagnostics.push(...compiled.diagnostics);
    lists.set(list.name, compiled.membership);
  }
  return lists;
};

interface CompiledParts {
  readonly grants: CompiledGrant[];
  readonly rules: { readonly on: Hook; readonly rule: CompiledRule }[];
  readonly routes: CompiledRoute[];
}

function* compileParts(parts: Iterable<PolicyPart>, scope: Scope): Generator<void, CompiledParts> {
  const compiled: CompiledParts = { grants: [], rules: [], routes: [] };
  for (const one of parts) {
    if (one.part === 'grant') compiled.grants.push(compileGrant(one.syntax, scope));
    else if (one.part === 'rule') compiled.rules.push({ on: one.syntax.on, rule: compileRule(one.syntax, scope) });
    else compiled.routes.push(compileRoute(one.syntax, scope));
    yield;
  }
  return compiled;
}

const partsFor = (hook: Hook, { grants, rules, routes }: CompiledParts): Parameters<typeof planning>[0] => ({
  hook,
  grants: hook === 'rcpt' ? grants : [],
  rules: rules.filter(({ on }) => on === hook).map(({ rule }) => rule),
  routes: hook === 'get_mx' ? routes : [],
});
