import { compilePolicy } from '../../../policy/compile/policy.ts';
import type { Diagnostic } from '../../../policy/diagnostic.ts';
import { lintSite } from '../../../policy/lint/lint.ts';
import { readPolicy } from '../../../policy/read/policy.ts';
import type { PolicyFile } from '../../../policy/syntax.ts';
import { lookUpKeys } from '../../config/look-up-keys.ts';
import { dnsListCodes, type Site } from '../../loading/load.ts';
import { surroundingsOf } from '../../loading/surroundings.ts';
import { runTest } from '../run-test.ts';
import { type PlacedTest, testsOf } from '../run-tests.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/*
 * Breaks the policies of a site on purpose, one edit at a time, and sees who notices: its tests, or lint. What nobody
 * notices could be broken by accident as well.
 */

export interface MutateOptions {
  /** Orders the mutants: where time does not suffice for all, a run with another seed tries others. */
  readonly seed: number;
  /** Milliseconds; no mutant is begun after that. */
  readonly time: number;
}

export interface Survivor extends Mutant {
  /** The line as it was; what stands there now. */
  readonly before: string;
  readonly after: string;
}

export interface Mutation {
  readonly byTests: number;
  readonly byLint: number;
  readonly survivors: readonly Survivor[];
  /** Mutants that time did not suffice for. */
  readonly left: number;
}

/** The generator of Park and Miller: the same order everywhere. */
const shuffled = <T>(items: readonly T[], seed: number): readonly T[] => {
  let state = (Math.abs(Math.trunc(seed)) % 2147483646) + 1;
  const ranked = items.map((item) => {
    state = (state * 48271) % 2147483647;
    return { item, rank: state };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
};

const textOf = ({ contents }: Site, { path }: PolicyFile): string => Buffer.from(contents.get(path) ?? []).toString('utf8');

const lint = (files: readonly PolicyFile[], { config, reader, policy }: Site): readonly Diagnostic[] =>
  lintSite(files, {
    files: reader,
    lookUpKeys: lookUpKeys(config),
    dnsListCodes: dnsListCodes(config),
    surroundings: surroundingsOf(config),
    policy,
    now: Date.now(),
  });

/** What lint says, wherever it says it: an edit moves what stands behind it. */
const sayings = (diagnostics: readonly Diagnostic[]): ReadonlySet<string> =>
  new Set(diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`));

class Trial {
  readonly #site: Site;
  readonly #known: ReadonlySet<string>;

  constructor(site: Site) {
    this.#site = site;
    this.#known = sayings(lint(site.files, site));
  }

  async caughtBy({ file, text }: Mutant): Promise<'tests' | 'lint' | null> {
    const read = readPolicy(file.path, text, this.#site.reader);
    if (read.file === null || read.diagnostics.some(({ severity }) => severity === 'error')) return 'lint';
    const edited = read.file;
    const files = this.#site.files.map((one) => (one.path === file.path ? edited : one));
    const { policy } = compilePolicy(files, this.#site.policy.version);
    if (policy === null) return 'lint';
    const broken = { ...this.#site, files, policy };
    if (await this.#failsTest(broken, file)) return 'tests';
    return [...sayings(lint(files, broken))].some((saying) => !this.#known.has(saying)) ? 'lint' : null;
  }

  /** Tests beside the broken rules first: it is nearly always one of them. */
  async #failsTest(site: Site, { path }: PolicyFile): Promise<boolean> {
    const isNear = ({ file }: PlacedTest): number => Number(file.path === path);
    for (const { test, file } of [...testsOf(site)].sort((a, b) => isNear(b) - isNear(a)))
      if ((await runTest(test, { file, site })).failures.length > 0) return true;
    return false;
  }
}

const survivorOf = (site: Site, mutant: Mutant): Survivor => {
  const lineOf = (text: string): string => text.split('\n')[mutant.line - 1] ?? '';
  return { ...mutant, before: lineOf(textOf(site, mutant.file)), after: lineOf(mutant.text) };
};

/** Breaks the policies of a site whose tests hold. Every file is left as it is. */
export const mutate = async (site: Site, { seed, time }: MutateOptions): Promise<Mutation> => {
  const end = performance.now() + time;
  const mutants = shuffled(
    site.files.flatMap((file) => mutantsOf(file, textOf(site, file))),
    seed,
  );
  const trial = new Trial(site);
  const caught = { tests: 0, lint: 0 };
  const survivors: Survivor[] = [];
  let tried = 0;
  for (const mutant of mutants) {
    if (tried > 0 && performance.now() > end) break;
    tried += 1;
    const by = await trial.caughtBy(mutant);
    if (by === null) survivors.push(survivorOf(site, mutant));
    else caught[by] += 1;
  }
  const inOrder = (a: Survivor, b: Survivor): number => a.file.path.localeCompare(b.file.path) || a.line - b.line;
  return { byTests: caught.tests, byLint: caught.lint, survivors: survivors.sort(inOrder), left: mutants.length - tried };
};
