import { guardedOf } from '../../../policy/lint/guarded.ts';
import { SiteFileError } from '../../../policy/read/site-files.ts';
import type { FactValue } from '../../../policy/value.ts';
import type { Site } from '../../loading/load.ts';
import type { TestReport } from '../result.ts';
import type { CoverableRule } from '../rule-parts.ts';
import { testsOf } from '../run-tests.ts';
import { playOf } from '../test-script.ts';
import { waysToGuard } from './requirements.ts';
import { solve } from './solve.ts';

/** A session to start from: what is given, and the message if it is not a plain one. */
export interface Base {
  readonly given: ReadonlyMap<string, FactValue>;
  readonly message: { readonly file: string; readonly bytes: Buffer } | null;
}

const FEW = 8;

const STRANGER: readonly (readonly [string, FactValue])[] = [
  ['client.ip', '203.0.113.9'],
  ['sender.address', 'a@example.net'],
];

/** Mail of a stranger that a grant of the site lets in. */
const granted = (site: Site): readonly Base[] =>
  site.files
    .flatMap(guardedOf)
    .filter(({ kind }) => kind === 'grant')
    .flatMap((grant) => waysToGuard(grant, true).slice(0, 1))
    .flatMap((way) => {
      const given = solve(way, site);
      return given === null ? [] : [{ given: new Map([...STRANGER, ...given]), message: null }];
    });

/** How near a test comes: the rule was asked in it, and it stands beside the rule. */
const nearness = (rule: CoverableRule, { fared, file }: TestReport['results'][number]): number => {
  const wasAsked = fared.some(({ id, result }) => id === rule.name && result !== 'not reached' && result !== 'skipped');
  return (wasAsked ? 2 : 0) + (file === rule.file.path ? 1 : 0);
};

/** Sessions that come near a rule, the nearest first. */
export const basesFor = (rule: CoverableRule, site: Site, { results }: TestReport): readonly Base[] => {
  const near = new Map(results.filter(({ failures }) => failures.length === 0).map((result) => [result.at, nearness(rule, result)]));
  const ranked = testsOf(site)
    .filter(({ test: { at } }) => near.has(at))
    .sort((a, b) => (near.get(b.test.at) ?? 0) - (near.get(a.test.at) ?? 0));
  return [...ranked.slice(0, FEW).flatMap(({ test }) => baseOf(test, site)), ...granted(site).slice(0, 3)];
};

const baseOf = (test: ReturnType<typeof testsOf>[number]['test'], site: Site): readonly Base[] => {
  try {
    const { given, message } = playOf(test, site).script;
    return [{ given, message: test.message === null || message === null ? null : { file: test.message.file, bytes: message } }];
  } catch (error) {
    if (error instanceof SiteFileError) return [];
    throw error;
  }
};
