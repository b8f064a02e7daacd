import type { Shared } from './acceptor.ts';
import { Admission } from './admission.ts';
import type { RelayConnection } from './connection.ts';
import { FairTurns } from './fair-turns.ts';
import { RelayListener } from './listener.ts';
import type { RelayServerSettings } from './settings.ts';

/** How often connections are looked at for their age. Milliseconds. */
const SWEEP = 1000;

export interface BoundListener {
  readonly name: string;
  /** `127.0.0.1:2525`, `[::1]:2525`, `unix:/run/relay.sock` */
  readonly address: string;
}

/** The SMTP side of the relay: its listeners, and what they have in common. */
export class RelayServer {
  readonly #settings: RelayServerSettings;
  readonly #shared: Shared;
  readonly #listeners: readonly RelayListener[];
  #sweep: NodeJS.Timeout | null = null;

  constructor(settings: RelayServerSettings) {
    this.#settings = settings;
    this.#shared = { admission: settings.admission ?? new Admission(settings.limits), turns: new FairTurns() };
    this.#listeners = settings.listeners.map((listener) => new RelayListener(settings, listener, this.#shared));
  }

  /** Open connections. */
  get connections(): number {
    return this.#shared.admission.total;
  }

  /** Resolves once every listener accepts; rejects with the system's code if one cannot, none then being open. */
  async open(): Promise<readonly BoundListener[]> {
    try {
      const bound = await Promise.all(
        this.#listeners.map(async (listener) => ({ name: listener.listener.name, address: await listener.open() })),
      );
      this.#sweep = setInterval(() => this.#expireOld(), SWEEP).unref();
      return bound;
    } catch (error) {
      await this.close(0);
      throw error;
    }
  }

  /**
   * Stops accepting. Connections without a transaction get 421 4.3.2 now, others when theirs has ended;
   * what is still there after `graceMs` is cut. Resolves when the last session has ended, and with it
   * whatever it was about to have queued.
   */
  async close(graceMs: number): Promise<void> {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    const shut = this.#listeners.map((listener) => listener.shut());
    const sessions = [...this.#connections()];
    for (const connection of sessions) connection.leave();
    const cut = setTimeout(() => {
      for (const connection of sessions) connection.cut();
    }, graceMs);
    await Promise.all([...shut, ...sessions.map(({ ended }) => ended)]);
    clearTimeout(cut);
  }

  *#connections(): Iterable<RelayConnection> {
    for (const listener of this.#listeners) yield* listener.sessions;
  }

  #expireOld(): void {
    const oldest = this.#settings.now() - this.#settings.limits().session;
    for (const connection of this.#connections()) if (connection.smtpSession.started < oldest) connection.expire();
  }
}

/** Nothing listens yet: `open` does that. */
export const createRelayServer = (settings: RelayServerSettings): RelayServer => new RelayServer(settings);
