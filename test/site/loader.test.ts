import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inSlices } from '../../src/site/snapshots/in-slices.ts';
import { Loader } from '../../src/site/snapshots/loader.ts';
import { openingSnapshot } from '../../src/site/snapshots/snapshot.ts';
import { tempSite } from '../kit/site.ts';
import { relayPolicy } from './policies.ts';

const NO_LISTS: ReadonlyMap<string, number> = new Map();

const siteOf = async (t: { after: (work: () => Promise<void>) => void }) => {
  const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(25) });
  t.after(site.remove);
  return { order: { configPath: site.config, sizes: NO_LISTS }, site };
};

const reasonOf = (answer: Awaited<ReturnType<Loader['load']>>): string =>
  answer.snapshot === null ? answer.reason : assert.fail('it was read');

/** Processes of ours that run the loader. */
const loaders = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = / \(.*\) . (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/snapshots/loader-process');
      } catch {
        return false;
      }
    });

test('a site is read in another process and opened here, one load at a time', async (t) => {
  const { order, site } = await siteOf(t);
  const loader = new Loader();
  for (let load = 0; load < 2; load++) {
    const { snapshot } = await loader.load(order);
    const { policy } = await inSlices(openingSnapshot(snapshot ?? assert.fail('refused')));
    assert.ok(policy.rules > 0);
  }
  await site.write({ 'rules/10-relay.yaml': 'version: 1\nrulez: []\n' });
  assert.match(reasonOf(await loader.load(order)), /rules\/10-relay\.yaml:2:1: RLY1101/);
});

test('a load that takes too long is killed, and the next one starts afresh', async (t) => {
  const { order } = await siteOf(t);
  assert.match(reasonOf(await new Loader({ time: 5, memory: 2048 }).load(order)), /longer than 0\.005 s/);
  assert.ok((await new Loader().load(order)).snapshot);
});

test('a load that uses too much memory is rejected with that reason', async (t) => {
  const { order } = await siteOf(t);
  assert.match(reasonOf(await new Loader({ time: 60_000, memory: 8 }).load(order)), /more than 8 MiB of memory/);
});

test('a killed loader is the reason for the rejection, and the next load succeeds', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const { order } = await siteOf(t);
  const before = new Set(loaders());
  const loader = new Loader();
  const loading = loader.load(order);
  for (const pid of loaders()) if (!before.has(pid)) execFileSync('kill', ['-9', String(pid)]);
  assert.match(reasonOf(await loading), /ended early \(SIGKILL\)/);
  assert.ok((await loader.load(order)).snapshot);
});
