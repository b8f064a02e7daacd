import { availableParallelism } from 'node:os';
import type { RelayConfig } from './config/config.ts';
import { openLog, type RelayLog } from './logs/log.ts';
import { dieLoudly } from './relay/die-loudly.ts';
import { type FrontOptions, RelayFront, singleRelay } from './relay/front.ts';
import { collectAll } from './snapshots/garbage.ts';
import type { SiteSnapshot } from './snapshots/snapshot.ts';
import { startupProblem } from './startup-problem.ts';
import { ServiceNotifier } from './systemd/notify.ts';
import { workerCount } from './workers/count.ts';

export interface Serving {
  readonly configPath: string;
  /** Reads, checks and tests the site; `null` when it may not run, which has been reported. */
  readonly prepare: () => Promise<SiteSnapshot | null>;
  /** Takes the one line `ready mx=127.0.0.1:2525 …`, once every listener accepts. */
  readonly announce: (text: string) => void;
}

/** Resolves to the first SIGTERM or SIGINT; a second one ends the process at once: whatever was answered 250 is on the disk. */
const askedToStop = (relay: RelayFront): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) {
        relay.abandon();
        process.exit(0);
      }
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });

/** Who has sent a signal cannot be known. */
const reloadBySignal = (relay: RelayFront): Promise<unknown> => {
  relay.note('reload requested', { via: 'SIGHUP' });
  return relay.reload();
};

const announcement = (relay: RelayFront): string => {
  const admin = relay.adminAddress === null ? [] : [`admin=${relay.adminAddress}`];
  return `${['ready', ...relay.listeners.map(({ name, address }) => `${name}=${address}`), ...admin].join(' ')}\n`;
};

/** One process does it all; where there are to be several, what they take is loaded. */
const relayOf = async (options: Omit<FrontOptions, 'engine'>, workers: RelayConfig['workers']): Promise<RelayFront> => {
  const count = workerCount(workers, availableParallelism());
  if (count === 1) return singleRelay(options);
  const { WorkerPool } = await import('./workers/worker-pool.ts');
  return new RelayFront({ ...options, engine: new WorkerPool(count) });
};

/** Files are made with the modes they should have: a umask may take access from others, never from the relay itself. */
const closeToOthers = (): void => {
  process.umask(process.umask() & 0o077);
};

/** A relay that accepts mail. */
interface Started {
  readonly relay: RelayFront;
  readonly systemd: ServiceNotifier;
  readonly stopped: Promise<NodeJS.Signals>;
}

const startupFailed = ({ log, flush }: RelayLog, err: unknown): null => {
  const problem = startupProblem(err);
  if (problem === null) log.fatal({ err }, 'startup failed');
  flush();
  if (problem !== null) process.stderr.write(`relayctl: ${problem}\n`);
  return null;
};

/** `null` when the relay cannot start, which has been reported. What the site was read from is released on return. */
const start = async ({ configPath, prepare }: Serving): Promise<Started | null> => {
  const snapshot = await prepare();
  if (snapshot === null) return null;
  collectAll();
  const { config } = snapshot.head;
  const log = openLog(config.log.level);
  process.on('uncaughtException', dieLoudly(log));
  const systemd = new ServiceNotifier({ env: process.env, onFailed: (err) => log.log.error({ err }, 'systemd not notified') });
  const relay = await relayOf({ configPath, log, aroundReload: (work) => systemd.reloading(work) }, config.workers);
  const stopped = askedToStop(relay);
  const started = relay.start(snapshot);
  process.on('SIGHUP', () => void started.then(() => reloadBySignal(relay)).catch(() => undefined));
  process.on('SIGUSR2', () => relay.reopenLogs());
  return started.then(
    () => ({ relay, systemd, stopped }),
    (err: unknown) => startupFailed(log, err),
  );
};

/** Runs the relay until it is asked to stop, and resolves to the exit code. Signals are those of the interface page. */
export const serve = async (serving: Serving): Promise<number> => {
  closeToOthers();
  const started = await start(serving);
  if (started === null) return 1;
  const { relay, systemd, stopped } = started;
  serving.announce(announcement(relay));
  await systemd.ready();
  relay.note('stopping', { via: await stopped });
  await Promise.all([systemd.stopping(), relay.stop()]);
  return 0;
};
