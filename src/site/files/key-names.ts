import { minimatch } from 'minimatch';
import { findFact } from '../../policy/facts/find.ts';
import { type Lists, possibleValues } from '../../policy/lint/possible-values.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { RuleSyntax } from '../../policy/syntax.ts';
import { tried } from './found.ts';
import { expandPattern } from './path-patterns.ts';

/** More keys than any site signs with; beyond that they are not checked one by one. */
const MOST = 10_000;

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** The files a templated path stands for. */
export interface KeyNames {
  readonly paths: readonly string[];
  /** `false`: `paths` is what exists now; at run time the template may resolve to others. */
  readonly complete: boolean;
}

const factsIn = (written: string): readonly string[] => [
  ...new Set([...written.matchAll(PLACEHOLDER)].map(([, fact = '']) => fact.trim())),
];

const filledIn = (written: string, fact: string, value: string): string =>
  written.replace(PLACEHOLDER, (whole, name: string) => (name.trim() === fact ? value : whole));

/** One fact after the other, with every value it can have; `null` where one can have any. */
const enumerated = (written: string, rule: RuleSyntax, lists: Lists): readonly string[] | null =>
  factsIn(written).reduce<readonly string[] | null>(
    (paths, fact) => {
      const values = paths && findFact(fact) ? possibleValues(rule.when, fact, lists) : null;
      if (!paths || !values || paths.length * values.size > MOST) return null;
      return paths.flatMap((path) => [...values].map((value) => filledIn(path, fact, value)));
    },
    [written],
  );

const asGlob = (written: string): string =>
  written
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? minimatch.escape(part) : '*'))
    .join('');

/** Files that `written` can resolve to in a rule: those its condition allows, or else those that exist. */
export const keyNames = (
  written: string,
  rule: RuleSyntax,
  { root, lists }: { readonly root: string; readonly lists: Lists },
): KeyNames => {
  const paths = enumerated(written, rule, lists);
  if (paths) return { paths, complete: true };
  const there = tried(() => expandPattern(root, asGlob(written)));
  return { paths: there instanceof SiteFileError ? [] : there.slice(0, MOST), complete: false };
};
