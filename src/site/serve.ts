import { availableParallelism } from 'node:os';
import type { Site } from './loading/load.ts';
import { openLog, type RelayLog } from './logs/log.ts';
import { dieLoudly } from './relay/die-loudly.ts';
import { type FrontOptions, RelayFront, singleRelay } from './relay/front.ts';
import { startupProblem } from './startup-problem.ts';
import { ServiceNotifier } from './systemd/notify.ts';
import { workerCount } from './workers/count.ts';

export interface Serving {
  readonly configPath: string;
  readonly site: Site;
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
const relayOf = async ({ configPath, site }: Serving, log: RelayLog, systemd: ServiceNotifier): Promise<RelayFront> => {
  const options: Omit<FrontOptions, 'engine'> = { configPath, log, aroundReload: (work) => systemd.reloading(work) };
  const count = workerCount(site.config.workers, availableParallelism());
  if (count === 1) return singleRelay(options);
  const { WorkerPool } = await import('./workers/worker-pool.ts');
  return new RelayFront({ ...options, engine: new WorkerPool(count) });
};

/** Files are made with the modes they should have: a umask may take access from others, never from the relay itself. */
const closeToOthers = (): void => {
  process.umask(process.umask() & 0o077);
};

/** Runs the relay until it is asked to stop, and resolves to the exit code. Signals are those of the interface page. */
export const serve = async (serving: Serving): Promise<number> => {
  const { site, announce } = serving;
  closeToOthers();
  const log = openLog(site.config.log.level);
  process.on('uncaughtException', dieLoudly(log));
  const systemd = new ServiceNotifier({ env: process.env, onFailed: (err) => log.log.error({ err }, 'systemd not notified') });
  const relay = await relayOf(serving, log, systemd);
  const stopped = askedToStop(relay);
  const started = relay.start(site);
  process.on('SIGHUP', () => void started.then(() => reloadBySignal(relay)).catch(() => undefined));
  process.on('SIGUSR2', () => relay.reopenLogs());
  try {
    await started;
  } catch (err) {
    const problem = startupProblem(err);
    if (problem === null) log.log.fatal({ err }, 'startup failed');
    log.flush();
    if (problem !== null) process.stderr.write(`relayctl: ${problem}\n`);
    return 1;
  }
  announce(announcement(relay));
  await systemd.ready();
  relay.note('stopping', { via: await stopped });
  await Promise.all([systemd.stopping(), relay.stop()]);
  return 0;
};
