import type { Membership } from '../definition.ts';
import { PolicyError } from '../definition.ts';
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { ExpressionBudget } from '../expression-budget.ts';
import type { Located } from '../syntax.ts';
import type { Watch } from './watch.ts';

/** What compiling one site's policies shares: the lists of all files, and what was found wrong. */
export interface Scope {
  readonly lists: ReadonlyMap<string, Membership>;
  readonly diagnostics: Diagnostic[];
  readonly expressions: ExpressionBudget;
  readonly watch?: Watch | undefined;
}

export const complain = (scope: Scope, at: Span, error: PolicyError): void => {
  scope.diagnostics.push({ code: error.code, severity: 'error', message: error.message, help: error.help, at, related: [], fixes: [] });
};

/** Runs `compile`; what it refuses becomes a diagnostic at the refused part of `located`, and `null`. */
export const attempt = <T>(scope: Scope, located: Located, compile: () => T): T | null => {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    complain(scope, placeOf(located.below(error.path), located.spanOf(error.path, 'value')), error);
    return null;
  }
};

/** Of a block scalar its text: the line with | or > is not what is wrong. */
const placeOf = (part: Located, place: Span): Span => {
  const { value } = part;
  if (typeof value !== 'string' || !/^[|>]/.test(part.sourceOf([]))) return place;
  return part.within([], { start: 0, end: value.trimEnd().length });
};
