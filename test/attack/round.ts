import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { probe } from './probe.ts';
import { ATTACKER, type Target } from './target.ts';

/** What one attack did to others. Milliseconds and bytes. */
export interface Round {
  readonly attack: string;
  readonly noop: number;
  readonly delivery: number;
  readonly messages: number;
  readonly peak: number;
  /** Processor time of the relay without a turn for anybody. */
  readonly stall: number;
  readonly failures: readonly string[];
}

export interface RoundOptions {
  readonly seconds: number;
  /** The site is reloaded all the while. */
  readonly reloading?: boolean;
}

const most = (values: readonly number[]): number => values.reduce((highest, value) => Math.max(highest, value), 0);

/** The attack runs in a process of its own for so long; other clients come meanwhile. */
export const runRound = async (target: Target, attack: string, { seconds, reloading = false }: RoundOptions): Promise<Round> => {
  const ports = [String(target.smtp), String(target.smtps)];
  const attacker = fork(join(import.meta.dirname, 'attacker.ts'), [attack, ...ports, ATTACKER]);
  const gone = once(attacker, 'exit');
  const hangups = reloading ? setInterval(() => target.relay.kill('SIGHUP'), 500) : undefined;
  await pause(1000);
  target.peak();
  const { noops, deliveries, failures } = await probe(target, seconds);
  clearInterval(hangups);
  attacker.kill('SIGKILL');
  await gone;
  const alive = target.relay.exitCode === null && target.relay.signalCode === null;
  return {
    attack,
    noop: most(noops),
    delivery: most(deliveries),
    messages: deliveries.length,
    peak: target.peak(),
    stall: target.stall(),
    failures: alive ? failures : [...failures, 'the relay has died'],
  };
};

const NOOP = 100;
const DELIVERY = 2000;
/** A heap of 512 MiB, and what lies beside it. */
const MEMORY = 800 * 1024 * 1024;

/** What of the promise was broken: mail of others within 2 s, NOOP within 100 ms, memory bounded. */
export const broken = ({ noop, delivery, messages, peak, failures }: Round): readonly string[] => [
  ...failures,
  ...(messages === 0 ? ['no message came through'] : []),
  ...(noop > NOOP ? [`NOOP took ${noop.toFixed()} ms`] : []),
  ...(delivery > DELIVERY ? [`a message took ${delivery.toFixed()} ms`] : []),
  ...(peak > MEMORY ? [`a process took ${(peak / 1048576).toFixed()} MiB`] : []),
];
