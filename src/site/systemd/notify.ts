import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/*
 * What a service tells systemd (sd_notify(3)): that it is ready, reloads, stops, and is alive. Node has no
 * datagrams on unix sockets, so systemd-notify says it, which comes with systemd. Nothing is said where nobody listens.
 */

/** Milliseconds. */
const TIMEOUT = 5_000;

const run = promisify(execFile);

export interface NotifyOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told once if it cannot be said. */
  readonly onFailed: (error: unknown) => void;
}

/** Microseconds between two signs of life, as systemd wants them of this process; 0: it does not (sd_watchdog_enabled(3)). */
const watchdogOf = ({ WATCHDOG_USEC, WATCHDOG_PID }: NotifyOptions['env']): number =>
  WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(process.pid) ? 0 : Number(WATCHDOG_USEC ?? 0);

export class ServiceNotifier {
  readonly #options: NotifyOptions;
  readonly #isHeard: boolean;
  #alive: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(options: NotifyOptions) {
    this.#options = options;
    this.#isHeard = (options.env.NOTIFY_SOCKET ?? '') !== '';
  }

  /** Every listener accepts. From here on signs of life are sent, twice as often as they are wanted. */
  async ready(): Promise<void> {
    await this.#say('READY=1');
    const microseconds = watchdogOf(this.#options.env);
    if (microseconds > 0 && this.#isHeard) this.#alive ??= setInterval(() => void this.#say('WATCHDOG=1'), microseconds / 2_000).unref();
  }

  /** The relay is ready again when the work is done, whatever it came to. */
  async reloading<T>(work: () => Promise<T>): Promise<T> {
    await this.#say('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`);
    try {
      return await work();
    } finally {
      await this.#say('READY=1');
    }
  }

  async stopping(): Promise<void> {
    clearInterval(this.#alive);
    await this.#say('STOPPING=1');
  }

  async #say(...states: readonly string[]): Promise<void> {
    if (!this.#isHeard) return;
    try {
      await run('systemd-notify', [...states], { timeout: TIMEOUT });
    } catch (error) {
      if (!this.#failed) this.#options.onFailed(error);
      this.#failed = true;
    }
  }
}
