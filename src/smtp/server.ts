import type { Shared } from './acceptor.ts';
import { Admission, type AdmissionControl } from './admission.ts';
import type { RelayConnection } from './connection.ts';
import { ConnectionRate } from './connection-rate.ts';
import { EvictingAdmission } from './evicting-admission.ts';
import { FairTurns } from './fair-turns.ts';
import { RelayListener } from './listener.ts';
import { MemoryBudget } from './memory-budget.ts';
import { Overload, STANDING, type Standing } from './overload.ts';
import type { Pace } from './session/client-timeout.ts';
import type { RelayServerSettings } from './settings.ts';
import { SocketCount } from './socket-count.ts';

/** How often the age of connections is checked. Milliseconds. */
const SWEEP = 1000;

export interface BoundListener {
  readonly name: string;
  /** `127.0.0.1:2525`, `[::1]:2525`, `unix:/run/relay.sock` */
  readonly address: string;
}

const sharedParts = (settings: RelayServerSettings, admission: AdmissionControl): Shared => {
  const memory = new MemoryBudget(settings.memory);
  const overload = new Overload(memory, settings.shed);
  const sockets = new SocketCount(settings.sockets ?? Number.POSITIVE_INFINITY);
  return {
    admission: new EvictingAdmission(admission, overload),
    rate: new ConnectionRate(() => settings.limits().connectionRatePerIp),
    turns: new FairTurns(),
    overload,
    memory,
    sockets,
  };
};

/** When this share of a resource is used, strangers have less time. */
const STRESS = 0.8;
/** And at this share, everybody has. */
const NEARLY_FULL = 0.95;

/** The SMTP side of the relay: its listeners, and what they share. */
export class RelayServer {
  readonly #settings: RelayServerSettings;
  readonly #admission: AdmissionControl;
  readonly #shared: Shared;
  readonly #listeners: readonly RelayListener[];
  #sweep: NodeJS.Timeout | null = null;

  constructor(settings: RelayServerSettings) {
    this.#settings = settings;
    this.#admission = settings.admission ?? new Admission(settings.limits);
    this.#shared = sharedParts(settings, this.#admission);
    this.#listeners = settings.listeners.map((listener) => new RelayListener(settings, listener, this.#shared));
  }

  /** Open connections. */
  get connections(): number {
    return this.#admission.total;
  }

  /** Bytes that sessions hold. */
  get held(): number {
    return this.#shared.memory.used;
  }

  /** Resolves once every listener accepts connections. If one cannot be opened, closes the others and rejects with the system's code. */
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
   * Stops accepting. Connections without a transaction get 421 4.3.2 now, others when theirs has ended; those
   * still open after `graceMs` are cut. Resolves when the last session has ended and whatever it was about to
   * queue is queued.
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
    const pace = this.#pace();
    for (const connection of this.#connections()) {
      if (connection.smtpSession.started < oldest) connection.expire();
      else connection.hurry(pace(connection.standing));
    }
  }

  /** The time a session has, by its standing. */
  #pace(): (standing: Standing) => Pace {
    const { memory, sockets } = this.#shared;
    const fullness = Math.max(this.#admission.fullness, memory.fullness, sockets.fullness);
    const limits = this.#settings.limits();
    const hurried = { ...limits, idle: Math.min(limits.idle, limits.idleUnderStress) };
    const last = fullness >= NEARLY_FULL ? STANDING.granted : STANDING.stranger;
    return (standing) => (fullness >= STRESS && standing <= last ? hurried : limits);
  }
}

/** Creates a server that does not listen yet; call `open`. */
export const createRelayServer = (settings: RelayServerSettings): RelayServer => new RelayServer(settings);
