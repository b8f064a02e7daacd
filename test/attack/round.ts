import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { scriptFrom } from '../kit/main.ts';
import { probe } from './probe.ts';
import { ATTACKERS, type Target } from './target.ts';

/** What one attack did to others. Milliseconds and bytes. */
export interface Round {
  readonly attack: string;
  readonly noop: number;
  /** While a NOOP waited. */
  readonly noopWork: number;
  readonly delivery: number;
  readonly messages: number;
  readonly peak: number;
  /** Processor time of the relay without a turn for anybody. */
  readonly stall: number;
  readonly failures: readonly string[];
}

export interface RoundOptions {
  readonly seconds: number;
  /** Address of the attacker. */
  readonly from?: string;
  /** The site is reloaded all the while. */
  readonly reloading?: boolean;
}

/** For the attack to have its connections. Milliseconds. */
const BUILD_UP = 300;

const most = (values: readonly number[]): number => values.reduce((highest, value) => Math.max(highest, value), 0);

/** The attack runs in a process of its own for so long; other clients come meanwhile. */
export const runRound = async (
  target: Target,
  attack: string,
  { seconds, from = ATTACKERS[0] ?? '', reloading = false }: RoundOptions,
): Promise<Round> => {
  const ports = [String(target.smtp), String(target.smtps)];
  const script = scriptFrom(import.meta.dirname, 'attacker');
  const attacker = spawn(process.execPath, [...script, attack, ...ports, from], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const gone = once(attacker, 'exit');
  const hangups = reloading ? setInterval(() => target.relay.kill('SIGHUP'), 500) : undefined;
  await Promise.race([once(attacker, 'message'), gone]);
  await pause(BUILD_UP);
  target.peak();
  const { noops, noopWork, deliveries, failures } = await probe(target, seconds);
  clearInterval(hangups);
  attacker.kill('SIGKILL');
  await gone;
  const alive = target.relay.exitCode === null && target.relay.signalCode === null;
  return {
    attack,
    noop: most(noops),
    noopWork: most(noopWork),
    delivery: most(deliveries),
    messages: deliveries.length,
    peak: target.peak(),
    stall: target.stall(),
    failures: alive ? failures : [...failures, DEAD],
  };
};

const DEAD = 'the relay has died';
const NOOP = 100;
const DELIVERY = 2000;
/** A heap of 512 MiB, and what lies beside it. */
const MEMORY = 800 * 1024 * 1024;

/** What of the promise was broken: mail of others within 2 s, NOOP within 100 ms, memory bounded. */
export const broken = (round: Round): readonly string[] => [...lost(round), ...(isOfOneAddress(round) ? late(round) : [])];

/** A hundred addresses get a hundred shares: the relay has to live, and mail to come through. */
const isOfOneAddress = ({ attack }: Pick<Round, 'attack'>): boolean => !attack.startsWith('5000');

const lost = ({ attack, messages, peak, failures }: Round): readonly string[] => [
  ...(isOfOneAddress({ attack }) ? failures : failures.filter((failure) => failure === DEAD)),
  ...(messages === 0 ? ['no message came through'] : []),
  ...(peak > MEMORY ? [`a process took ${(peak / 1048576).toFixed()} MiB`] : []),
];

const late = ({ noopWork, delivery }: Round): readonly string[] => [
  ...(noopWork > NOOP ? [`NOOP waited for ${noopWork.toFixed()} ms of work`] : []),
  ...(delivery > DELIVERY ? [`a message took ${delivery.toFixed()} ms`] : []),
];
