import { join, relative } from 'node:path';
import { type Truth, truthName } from '../../policy/truth.ts';
import type { Coverage, CoveredPart, CoveredRule } from '../../site/testing/coverage.ts';

/*
 * The format of lcov's geninfo(1), which editors and services for coverage read: rules are its functions, lines with a
 * condition its lines, and each way in which one can come out is a branch.
 */

export interface LcovPlace {
  /** Folder of the site. */
  readonly root: string;
  /** Folder that paths are relative to, since readers look from there. */
  readonly from: string;
}

const asked = ({ tally }: CoveredRule | CoveredPart): number => tally.true + tally.false + tally.unknown;

const isSeen = ({ missing }: CoveredRule | CoveredPart, truth: Truth): boolean => !missing.includes(truth);

const branches = (part: CoveredPart, block: number): readonly string[] =>
  part.truths.map((truth, index) => `BRDA:${part.at.line},${block},${index},${asked(part) === 0 ? '-' : part.tally[truthName(truth)]}`);

const functions = (rules: readonly CoveredRule[]): readonly string[] => [
  ...rules.map(({ name, at }) => `FN:${at.line},${name}`),
  ...rules.map(({ name, tally }) => `FNDA:${tally.true},${name}`),
  `FNF:${rules.length}`,
  `FNH:${rules.filter(({ tally }) => tally.true > 0).length}`,
];

/** A line is covered if all on it came out in every way, so that an editor shows where a test is missing. */
const lineHits = (all: readonly (CoveredRule | CoveredPart)[]): ReadonlyMap<number, number> => {
  const lines = new Map<number, number>();
  for (const one of all) {
    const hits = one.truths.every((truth) => isSeen(one, truth)) ? asked(one) : 0;
    lines.set(one.at.line, Math.min(lines.get(one.at.line) ?? hits, hits));
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
};

const section = (path: string, rules: readonly CoveredRule[]): readonly string[] => {
  const parts = rules.flatMap((rule) => rule.parts);
  const lines = lineHits([...rules, ...parts]);
  const taken = parts.flatMap((part) => part.truths.filter((truth) => isSeen(part, truth))).length;
  return [
    `SF:${path}`,
    ...functions(rules),
    ...parts.flatMap(branches),
    `BRF:${parts.flatMap(({ truths }) => truths).length}`,
    `BRH:${taken}`,
    ...[...lines].map(([line, hits]) => `DA:${line},${hits}`),
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((hits) => hits > 0).length}`,
    'end_of_record',
  ];
};

/** Coverage as LCOV, one section a policy file. */
export const lcovReport = ({ rules }: Coverage, { root, from }: LcovPlace): string =>
  [...byFile(rules)]
    .flatMap(([file, own]) => section(relative(from, join(root, file)), own))
    .map((line) => `${line}\n`)
    .join('');

const byFile = (rules: readonly CoveredRule[]): ReadonlyMap<string, readonly CoveredRule[]> => {
  const files = new Map<string, CoveredRule[]>();
  for (const rule of rules) {
    const known = files.get(rule.file.path);
    if (known === undefined) files.set(rule.file.path, [rule]);
    else known.push(rule);
  }
  return files;
};
