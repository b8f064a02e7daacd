import type { Site } from './load.ts';
import { openLog, type RelayLog } from './relay/log.ts';
import { Relay } from './relay/relay.ts';

export interface Serving {
  readonly configPath: string;
  readonly site: Site;
  /** Takes the one line `ready mx=127.0.0.1:2525 …`, once every listener accepts. */
  readonly announce: (text: string) => void;
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once: whatever was answered 250 is on the disk. */
const askedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(0);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });

/** A fault nobody foresaw: what is durable stays so, and whoever supervises the process starts it anew. */
const dieLoudly =
  ({ log, flush }: RelayLog) =>
  (err: unknown): never => {
    log.fatal({ err }, 'an unforeseen fault ends the relay');
    flush();
    process.exit(1);
  };

const announcement = (relay: Relay): string => {
  const admin = relay.adminAddress === null ? [] : [`admin=${relay.adminAddress}`];
  return `${['ready', ...relay.listeners.map(({ name, address }) => `${name}=${address}`), ...admin].join(' ')}\n`;
};

/** Runs the relay until it is asked to stop, and resolves to the exit code. Signals are those of the interface page. */
export const serve = async ({ configPath, site, announce }: Serving): Promise<number> => {
  const log = openLog(site.config.log.level);
  process.on('uncaughtException', dieLoudly(log));
  const relay = new Relay({ configPath, log });
  const stopped = askedToStop();
  const started = relay.start(site);
  process.on('SIGHUP', () => void started.then(() => relay.reload()).catch(() => undefined));
  process.on('SIGUSR2', () => relay.reopenLogs());
  try {
    await started;
  } catch (err) {
    log.log.fatal({ err }, 'the relay cannot start');
    log.flush();
    return 1;
  }
  announce(announcement(relay));
  await stopped;
  log.log.info('stopping');
  await relay.stop();
  return 0;
};
