import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSite } from '../../site/loading/load.ts';
import { openLog } from '../../site/logs/log.ts';
import { type RelayFront, singleRelay } from '../../site/relay/front.ts';
import { snapshotOf } from '../../site/snapshots/snapshot.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { type Delivered, readMailStore } from './mail-store.ts';
import { SCENES, type Scene } from './scenes.ts';
import { converse } from './session.ts';
import { writeDemoSite } from './site.ts';

/** How one scene went. */
export interface Played {
  readonly scene: Scene;
  readonly reply: string;
  /** Full name of the rule or grant that had the last word; empty when a limit of the relay had it. */
  readonly by: string;
  /** What was delivered; `null`: nothing. */
  readonly delivered: Delivered | null;
}

/** Longest wait for the last delivery. Milliseconds. */
const DELIVERY_TIMEOUT = 5_000;

const isRefusal = ({ verdict }: DecisionEntry): boolean => verdict !== 'none' && verdict !== 'accept';

/** Who refused, or else who last did anything about the mail; an effect names its own rule. */
const decisive = (entries: readonly DecisionEntry[]): string => {
  const entry = entries.find(isRefusal) ?? entries.at(-1);
  return entry?.by || entry?.effects?.at(-1)?.by || '';
};

const startRelay = async (configPath: string, onDecision: (entry: DecisionEntry) => void): Promise<RelayFront> => {
  const { site, diagnostics } = loadSite(configPath);
  if (!site) throw new Error(`the shipped site does not load: ${diagnostics[0]?.message ?? ''}`);
  const relay = singleRelay({ configPath, log: openLog(site.config.log.level), onDecision });
  await relay.start(snapshotOf(site));
  return relay;
};

const emptied = async (relay: RelayFront): Promise<void> => {
  for (let waited = 0; (await relay.status()).queue.queued > 0 && waited < DELIVERY_TIMEOUT; waited += 20) await pause(20);
};

/** Plays every scene over a real socket, one after the other. */
const playAll = async (address: string, entries: DecisionEntry[]): Promise<readonly Omit<Played, 'delivered'>[]> => {
  const played: Omit<Played, 'delivered'>[] = [];
  for (const scene of SCENES) {
    entries.length = 0;
    const reply = await converse(address, scene.lines);
    const inbound = entries.filter(({ hook }) => !['get_mx', 'delivered', 'deferred', 'bounce'].includes(hook));
    played.push({ scene, reply, by: decisive(inbound) });
  }
  return played;
};

/** Starts a relay on a copy of the shipped site, plays the scenes, and leaves nothing behind. */
export const playDemo = async (): Promise<readonly Played[]> => {
  const root = await mkdtemp(join(tmpdir(), 'relayctl-demo-'));
  const entries: DecisionEntry[] = [];
  try {
    const relay = await startRelay(await writeDemoSite(root), (entry) => entries.push(entry));
    const played = await playAll(relay.listeners[0]?.address ?? '', entries);
    await emptied(relay);
    await relay.stop();
    const store = await readMailStore(root);
    return played.map((one) => ({
      ...one,
      delivered: store.find(({ message }) => message.includes(`Subject: ${one.scene.name}\r\n`)) ?? null,
    }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};
