import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { loadSite, type Site } from '../../src/site/loading/load.ts';
import type { RelayLog } from '../../src/site/logs/log.ts';
import { type RelayFront, type RelayOptions, singleRelay } from '../../src/site/relay/front.ts';
import { snapshotOf } from '../../src/site/snapshots/snapshot.ts';
import { MAIN } from './main.ts';
import { settled } from './settled.ts';

/** Paths of a site and what stands there. */
export type Files = Readonly<Record<string, string>>;

/** A site in a folder of its own that goes away with the test. */
export interface TempSite {
  readonly root: string;
  readonly config: string;
  /** Writes further files, or others in their place. */
  readonly write: (files: Files) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export const CONFIG = `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
limits: { shutdown: 2s }
log: { level: error }
`;

/**
 * Files for their owner alone, as secrets must be, and not written just now, so that no reader waits for the writer to finish.
 * `config/relay.yaml` with one listener on a free port, unless `files` has one.
 */
export const tempSite = async (files: Files): Promise<TempSite> => {
  const root = await mkdtemp(join(tmpdir(), 'relayctl-test-'));
  const write = async (more: Files): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text, { mode: 0o600 });
      settled(join(root, path));
    }
  };
  await write({ 'config/relay.yaml': CONFIG, ...files });
  return { root, config: join(root, 'config/relay.yaml'), write, remove: () => rm(root, { recursive: true, force: true }) };
};

/** The site, loaded; fails the test with its diagnostics if it does not load. */
export const loaded = (site: TempSite): Site => {
  const { site: found, diagnostics } = loadSite(site.config);
  assert.ok(found, JSON.stringify(diagnostics, null, 2));
  return found;
};

/** What the log says, line by line. */
export interface CapturedLog extends RelayLog {
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export const capturedLog = (): CapturedLog => {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) }), flush: () => undefined };
};

/** A relay in this process, ready; `address` is that of its first listener. */
export interface RunningRelay {
  readonly relay: RelayFront;
  readonly address: string;
  readonly log: CapturedLog;
}

/** `given` in the place of the site as it loads. */
export const runRelay = async (site: TempSite, options: Partial<RelayOptions> = {}, given?: Site): Promise<RunningRelay> => {
  const log = capturedLog();
  const relay = singleRelay({ configPath: site.config, log, ...options });
  await relay.start(snapshotOf(given ?? loaded(site)));
  const [first] = relay.listeners;
  assert.ok(first);
  return { relay, address: first.address, log };
};

/** `relayctl serve` as a process of its own, ready. */
export interface ServingProcess {
  readonly process: ChildProcess;
  /** Listener -> address, as the line `ready` has them. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Resolves to the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Starts `relayctl serve` on the site and waits for its line `ready`. */
export const serveProcess = async (site: Pick<TempSite, 'config'>): Promise<ServingProcess> => {
  const child = spawn(process.execPath, [...MAIN, 'serve', '-c', site.config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const ready = once(createInterface({ input: child.stdout }), 'line');
  const [line] = await Promise.race([ready, exited.then(([code]) => assert.fail(`serve ended with ${code}`))]);
  const words = String(line).split(' ').slice(1);
  const addresses = new Map(words.map((word): [string, string] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return { process: child, addresses, stop };
};

/** Runs a relayctl command in a process of its own. */
export const relayctl = async (...words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawn(process.execPath, [...MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
};
