import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Ledger, type LedgerEvent, type LedgerOptions } from '../../src/ledger/ledger.ts';
import { greylistRequest, limitRequest } from '../../src/ledger/request.ts';

export const clock = { now: 1_000_000_000 };

/** Goes away with the test. */
export const folder = async (test: TestContext): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'relayctl-ledger-'));
  test.after(() => rm(made, { recursive: true, force: true }));
  return made;
};

export interface Opened {
  readonly ledger: Ledger;
  /** What it reported, in order. */
  readonly events: readonly LedgerEvent[];
}

export const open = async (path: string, options: Partial<LedgerOptions> = {}): Promise<Opened> => {
  const events: LedgerEvent[] = [];
  const ledger = await Ledger.open({ path, now: () => clock.now, report: (event) => events.push(event), ...options });
  return { ledger, events };
};

export interface Counted {
  readonly name?: string;
  readonly key?: string;
  readonly network?: string;
  readonly cost?: number;
  readonly max?: number;
  readonly per?: number;
}

export const limit = (ledger: Ledger, counted: Counted = {}): Promise<boolean> =>
  ledger.ask(limitRequest({ name: 'limit.a/b', key: 'k', network: '192.0.2.0', cost: 1, max: 4, per: 60_000, ...counted }));

/** How much a limit still lets pass, up to a million. Uses it up, in costs of 2^19 down to one, so that few questions find out. */
export const remaining = async (ledger: Ledger, counted: Counted): Promise<number> => {
  let left = 0;
  for (let cost = 2 ** 19; cost >= 1; cost /= 2) if (!(await limit(ledger, { ...counted, cost }))) left += cost;
  return left;
};

const TIMES = { delay: 300_000, window: 3_600_000, keep: 10_000_000 };

export const greylist = (ledger: Ledger, key: string, network = '192.0.2.0'): Promise<boolean> =>
  ledger.ask(greylistRequest({ name: 'greylist.a/b', key, network, ...TIMES }));
