import type { PolicyFile } from '../../policy/syntax.ts';
import type { TestReport } from './result.ts';

/** Which part of a site its tests have seen at work. */
export interface Coverage {
  /** Share of grants, rules and routes that held in some test, 0 to 100, rounded down. */
  readonly percent: number;
  /** Full names of the others, in the order written. */
  readonly missing: readonly string[];
}

/** Counts what held in the tests that ran. A site without rules is covered. */
export const coverageOf = (files: readonly PolicyFile[], { results }: TestReport): Coverage => {
  const names = files.flatMap(({ grants, rules, routes }) => [...grants, ...rules, ...routes].map(({ name }) => name));
  const held = new Set(results.flatMap((result) => result.held));
  const missing = names.filter((name) => !held.has(name));
  return { percent: names.length === 0 ? 100 : Math.floor((100 * (names.length - missing.length)) / names.length), missing };
};
