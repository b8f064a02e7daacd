import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { loadSite } from '../../../src/site/load.ts';
import { Relay } from '../../../src/site/relay/relay.ts';
import { runTests } from '../../../src/site/testing/run-tests.ts';
import { capturedLog, type Files, type RunningRelay, runRelay, type TempSite, tempSite } from '../../kit/site.ts';
import { fullFiles } from './full-site.ts';
import { mutate, mutations } from './mutations.ts';

const RUNS = Number(process.env.AGREEMENT_RUNS ?? 60);
const SEED = Number(process.env.AGREEMENT_SEED ?? 20261127);

/** Milliseconds; a machine under load included. */
const LONGEST_LINT = 20_000;

/** What the system may have against a site whatever its files say: a port in use, an address of another host. */
const SURROUNDINGS = /EADDRINUSE|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EACCES/;

const CODE = /: (RLY\d{4}) /g;

let files: Files;
let running: RunningRelay;
let reloaded: TempSite;
let started: TempSite;

before(async () => {
  files = fullFiles();
  [reloaded, started] = await Promise.all([tempSite(files), tempSite(files)]);
  running = await runRelay(reloaded);
});
after(async () => {
  await running.relay.stop();
  await Promise.all([reloaded.remove(), started.remove()]);
});

const restore = async (site: TempSite): Promise<void> => {
  for (const folder of ['config', 'rules', 'test']) await rm(join(site.root, folder), { recursive: true, force: true });
  await site.write(files);
};

const errorsOf = (site: TempSite): readonly string[] => {
  const began = performance.now();
  const { diagnostics, site: found } = loadSite(site.config);
  const took = performance.now() - began;
  assert.ok(took < LONGEST_LINT, `lint took ${took} ms`);
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  assert.equal(found === null, codes.length > 0);
  return [...new Set(codes)].sort();
};

/** What `serve` does; `null` if it runs, or what kept it from that. */
const serves = async (site: TempSite): Promise<string | null> => {
  const { site: found } = loadSite(site.config);
  if (!found) return 'lint';
  if ((await runTests(found)).failed > 0) return 'tests';
  const relay = new Relay({ configPath: site.config, log: capturedLog() });
  try {
    await relay.start(found);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (SURROUNDINGS.test(reason)) return 'surroundings';
    throw error;
  } finally {
    await relay.stop();
  }
};

/** Codes in the reason of a refusal; a site whose tests fail has none. */
const reloads = async (): Promise<{ taken: boolean; codes: readonly string[]; reason: string }> => {
  const result = await running.relay.reload();
  const reason = result.taken ? '' : result.reason;
  return { taken: result.taken, codes: [...new Set([...reason.matchAll(CODE)].map(([, code = '']) => code))].sort(), reason };
};

test(`lint, serve and reload agree about ${RUNS} sites that something happened to (seed ${SEED})`, async (t) => {
  const counts = { fine: 0, lint: 0, tests: 0, surroundings: 0 };
  await fc.assert(
    fc.asyncProperty(mutations(Object.keys(files)), async (list) => {
      await Promise.all([restore(reloaded), restore(started)]);
      await Promise.all([mutate(reloaded.root, list), mutate(started.root, list)]);
      const errors = errorsOf(started);
      assert.deepEqual(errorsOf(reloaded), errors);
      const served = await serves(started);
      const reload = await reloads();
      counts[served === null ? 'fine' : served === 'lint' || served === 'tests' ? served : 'surroundings']++;
      assert.equal(served === 'lint', errors.length > 0);
      assert.equal(reload.taken, served === null || served === 'surroundings', reload.reason);
      if (!reload.reason.includes('more\n') && !/and \d+ more/.test(reload.reason)) assert.deepEqual(reload.codes, errors, reload.reason);
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.lint > 0 && counts.fine > 0);
});
