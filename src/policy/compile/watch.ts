import type { LimitSyntax, OperatorSyntax } from '../syntax.ts';
import type { Truth } from '../truth.ts';
import type { CompiledLimit } from './limit.ts';
import type { Test } from './test.ts';
import type { View } from './view.ts';

/** A part of a rule that comes out true, false or unknown: one operator on one fact, or a limit. */
export type RulePart = OperatorSyntax | LimitSyntax;

/** Hears how the parts of rules come out. Only tests of a site have one; rules that serve mail are compiled without. */
export interface Watch {
  readonly saw: (part: RulePart, truth: Truth, view: View) => void;
  /** An evaluation stands; those before it only said what had to be found out. */
  readonly decided: (view: View) => void;
  /** Reasons are asked for afterwards, also of parts that the evaluation had no need of: those count for nothing. */
  readonly unheard: <T>(ask: () => T) => T;
}

export const watchedPart = (test: Test, part: RulePart, watch: Watch | undefined): Test =>
  watch === undefined
    ? test
    : {
        ...test,
        truth: (view) => {
          const truth = test.truth(view);
          watch.saw(part, truth, view);
          return truth;
        },
      };

/** A whole condition, whose reasons ask its parts again. */
export const watchedWhole = (test: Test, watch: Watch | undefined): Test =>
  watch === undefined ? test : { ...test, why: (view) => watch.unheard(() => test.why(view)) };

export const watchedLimit = (limit: CompiledLimit, part: LimitSyntax, watch: Watch | undefined): CompiledLimit =>
  watch === undefined
    ? limit
    : {
        ...limit,
        truth: (view, ask) => {
          const truth = limit.truth(view, ask);
          watch.saw(part, truth, view);
          return truth;
        },
      };
