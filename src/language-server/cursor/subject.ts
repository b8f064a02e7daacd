import type { FactDefinition } from '../../policy/fact-definition.ts';
import { findFact } from '../../policy/facts/find.ts';
import { type Hook, isHook } from '../../policy/hook.ts';
import { isArray, isObject, type Json } from '../../policy/json.ts';
import type { Path } from '../../policy/syntax.ts';

/** A fact that is asked, or given to a test, at a place. */
export interface Subject {
  readonly fact: string;
  readonly definition: FactDefinition;
  /** Keys below it: operators and fields. */
  readonly below: readonly string[];
}

const OWNERS: ReadonlySet<string | number> = new Set(['when', 'unless', 'given']);

/** The fact that the value at a path belongs to; `null` outside conditions and tests, and for a fact that does not exist. */
export const subjectOf = (path: Path): Subject | null => {
  const owner = path.findIndex((step) => OWNERS.has(step));
  if (owner < 0) return null;
  for (let at = path.length - 1; at > owner; at -= 1) {
    const step = path[at];
    const definition = typeof step === 'string' ? findFact(step) : null;
    if (typeof step !== 'string' || definition === null) continue;
    return { fact: step, definition, below: path.slice(at + 1).filter((below) => typeof below === 'string') };
  }
  return null;
};

/** The hook at which the rule, grant or route at a path runs; `null` if it has none yet, and elsewhere. */
export const hookAt = (document: Json, [section, index]: Path): Hook | null => {
  if (section === 'grants') return 'rcpt';
  if (section === 'routes') return 'get_mx';
  const rules = section === 'rules' && isObject(document) ? document.rules : undefined;
  const rule = isArray(rules) ? rules[Number(index)] : undefined;
  const on = isObject(rule) ? rule.on : undefined;
  return typeof on === 'string' && isHook(on) ? on : null;
};
