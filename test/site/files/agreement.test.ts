import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadSite } from '../../../src/site/loading/load.ts';
import { singleRelay } from '../../../src/site/relay/front.ts';
import { snapshotOf } from '../../../src/site/snapshots/snapshot.ts';
import { runTests } from '../../../src/site/testing/run-tests.ts';
import { capturedLog, type Files, type RunningRelay, runRelay, type TempSite, tempSite } from '../../kit/site.ts';
import { runs } from '../../kit/thorough.ts';
import { fullFiles } from './full-site.ts';
import { type Mutation, mutate, mutations } from './mutations.ts';
import { shippedFiles } from './shipped-files.ts';

const RUNS = Number(process.env.AGREEMENT_RUNS ?? runs(30));
const SEED = Number(process.env.AGREEMENT_SEED ?? 20261127);

/** Milliseconds; a machine under load included. */
const LONGEST_LINT = 20_000;

/** What the system may have against a site whatever its files say: a port in use, an address of another host. */
const SURROUNDINGS = /EADDRINUSE|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EACCES/;

const CODE = /: (RLY\d{4}) /g;

/** Two copies of one site: a relay runs on the first and is reloaded, one is started on the second. */
class Pair {
  readonly #files: Files;
  readonly reloaded: TempSite;
  readonly started: TempSite;
  readonly running: RunningRelay;

  private constructor(files: Files, sites: readonly [TempSite, TempSite], running: RunningRelay) {
    this.#files = files;
    [this.reloaded, this.started] = sites;
    this.running = running;
  }

  static async open(files: Files): Promise<Pair> {
    const sites = [await tempSite(files), await tempSite(files)] as const;
    return new Pair(files, sites, await runRelay(sites[0]));
  }

  async happen(list: readonly Mutation[]): Promise<void> {
    for (const site of [this.reloaded, this.started]) {
      for (const folder of ['config', 'rules', 'test']) await rm(join(site.root, folder), { recursive: true, force: true });
      await site.write(this.#files);
      await mutate(site.root, list);
    }
  }

  async close(): Promise<void> {
    await this.running.relay.stop();
    await Promise.all([this.reloaded.remove(), this.started.remove()]);
  }
}

const errorsOf = (site: TempSite): readonly string[] => {
  const began = performance.now();
  const { diagnostics, site: found } = loadSite(site.config);
  const took = performance.now() - began;
  assert.ok(took < LONGEST_LINT, `lint took ${took} ms`);
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  assert.equal(found === null, codes.length > 0);
  return [...new Set(codes)].sort();
};

/** What keeps `serve` from running the site. */
const serves = async (site: TempSite): Promise<'fine' | 'lint' | 'tests' | 'surroundings'> => {
  const { site: found } = loadSite(site.config);
  if (!found) return 'lint';
  if ((await runTests(found)).failed > 0) return 'tests';
  const relay = singleRelay({ configPath: site.config, log: capturedLog() });
  try {
    await relay.start(snapshotOf(found));
    return 'fine';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (SURROUNDINGS.test(reason)) return 'surroundings';
    throw error;
  } finally {
    await relay.stop();
  }
};

/** Codes in the reason of a refusal, of which it shows the first ten; a site whose tests fail has none. */
const reloads = async ({ relay }: RunningRelay): Promise<{ taken: boolean; codes: readonly string[]; reason: string }> => {
  const result = await relay.reload();
  const reason = result.taken ? '' : result.reason;
  return { taken: result.taken, codes: [...new Set([...reason.matchAll(CODE)].map(([, code = '']) => code))].sort(), reason };
};

const agrees = async (name: string, files: Files, runs: number, note: (text: string) => void): Promise<void> => {
  const pair = await Pair.open(files);
  const counts = { fine: 0, lint: 0, tests: 0, surroundings: 0 };
  const agree = async (list: readonly Mutation[]): Promise<void> => {
    await pair.happen(list);
    const errors = errorsOf(pair.started);
    assert.deepEqual(errorsOf(pair.reloaded), errors);
    const served = await serves(pair.started);
    counts[served]++;
    assert.equal(served === 'lint', errors.length > 0);
    const reload = await reloads(pair.running);
    assert.equal(reload.taken, served === 'fine' || served === 'surroundings', reload.reason);
    if (!/and \d+ more/.test(reload.reason)) assert.deepEqual(reload.codes, errors, reload.reason);
  };
  try {
    await fc.assert(fc.asyncProperty(mutations(Object.keys(files)), agree), { numRuns: runs, seed: SEED, endOnFailure: true });
  } finally {
    await pair.close();
  }
  note(`${name}, ${runs} mutations, seed ${SEED}: ${JSON.stringify(counts)}`);
  assert.ok(counts.lint > 0);
};

test('lint, serve and reload agree about a small damaged site', (t) =>
  agrees('a file of every kind', fullFiles(), RUNS, (text) => t.diagnostic(text)));

test('lint, serve and reload agree about the damaged shipped site with everything on', (t) =>
  agrees('shipped, everything on', shippedFiles(), Math.ceil(RUNS / 2), (text) => t.diagnostic(text)));
