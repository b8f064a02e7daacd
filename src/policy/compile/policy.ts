import type { Membership } from '../definition.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { HOOKS, type Hook } from '../hook.ts';
import { compileList } from '../lists/compile.ts';
import type { PolicyFile } from '../syntax.ts';
import { type Plan, planOf } from './plan.ts';
import { compileRoute } from './route.ts';
import { compileGrant, compileRule } from './rule.ts';
import type { Scope } from './scope.ts';

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
}

export interface Compilation {
  /** `null` when a diagnostic is an error. */
  readonly policy: Policy | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the policies of a site, in configured order. */
export function compilePolicy(files: readonly PolicyFile[], version: string): Compilation {
  const diagnostics: Diagnostic[] = [];
  const lists = compileLists(files, diagnostics);
  const scope: Scope = { lists, diagnostics };
  const plan = plansOf(files, scope);
  if (diagnostics.length > 0) return { policy: null, diagnostics };
  const rules = files.reduce((sum, file) => sum + file.grants.length + file.rules.length + file.routes.length, 0);
  return { policy: { version, plan, lists, rules, asks: (hook, fact) => asks(plan(hook), fact) }, diagnostics };
}

const asks = (plan: Plan, fact: string): boolean => plan.asks.has(fact) || [...plan.asks].some((asked) => asked.startsWith(`${fact}.`));

function compileLists(files: readonly PolicyFile[], diagnostics: Diagnostic[]): ReadonlyMap<string, Membership> {
  const lists = new Map<string, Membership>();
  for (const list of files.flatMap((file) => file.lists)) {
    const compiled = compileList(list);
    diagnostics.push(...compiled.diagnostics);
    lists.set(list.name, compiled.membership);
  }
  return lists;
}

function plansOf(files: readonly PolicyFile[], scope: Scope): Policy['plan'] {
  const grants = files.flatMap((file) => file.grants.map((grant) => compileGrant(grant, scope)));
  const rules = files.flatMap((file) => file.rules.map((rule) => ({ on: rule.on, rule: compileRule(rule, scope) })));
  const routes = files.flatMap((file) => file.routes.map((route) => compileRoute(route, scope)));
  const planFor = (hook: Hook): Plan =>
    planOf({
      hook,
      grants: hook === 'rcpt' ? grants : [],
      rules: rules.filter(({ on }) => on === hook).map(({ rule }) => rule),
      routes: hook === 'get_mx' ? routes : [],
    });
  const plans = new Map(HOOKS.map((hook) => [hook, planFor(hook)]));
  return (hook) => plans.get(hook) ?? planFor(hook);
}
