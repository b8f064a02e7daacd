import type { Reply } from '../policy/reply.ts';
import { REPLIES } from '../transaction/replies.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { Shortage } from './settings.ts';

/** When connections run short strangers go first, then those who may send here, and last those who have sent or logged in. */
export const STANDING = { stranger: 0, granted: 1, known: 2 } as const;
export type Standing = (typeof STANDING)[keyof typeof STANDING];

/** A session that may have to end for others. */
export interface SheddableSession {
  /** Of one client: an address, or a /64 of IPv6. */
  readonly clientKey: string;
  readonly standing: Standing;
  /** Bytes. */
  readonly held: number;
  /** Milliseconds that we wait for the client; 0 while the client waits for us. */
  readonly silence: number;
  readonly isLeaving: boolean;
  readonly ended: Promise<void>;
  /** Says so and ends it; `reason` is for the log. */
  dismiss(reply: Reply, reason: string): void;
}

/** A client that was answered a moment ago is not sent away for another. Milliseconds. */
const STILL_TALKING = 1000;
/** For a session that was dismissed to be gone. Milliseconds. */
const LEAVING = 1000;
/** Thousands of sessions are not looked through for each that has to go: how long an order of them holds. Milliseconds. */
const LOOK_AGAIN = 100;
/** Memory is freed down to this share of it. */
const ENOUGH = 0.95;

/**
 * All sessions of a process, and which of them ends when connections or memory run short. Memory asks for no standing:
 * otherwise one accepted message would entitle a client to all of it.
 */
export class Overload {
  readonly #sessions = new Set<SheddableSession>();
  readonly #memory: MemoryBudget;
  readonly #shed: (shortage: Shortage) => void;
  /** Silent ones, the first to go last. */
  #silent: SheddableSession[] = [];
  #looked = Number.NEGATIVE_INFINITY;

  constructor(memory: MemoryBudget, shed: (shortage: Shortage) => void) {
    this.#memory = memory;
    this.#shed = shed;
  }

  join(session: SheddableSession): void {
    this.#sessions.add(session);
  }

  leave(session: SheddableSession): void {
    this.#sessions.delete(session);
  }

  /** When the budget is used up, ends sessions until there is some room: of the client whose sessions hold most, those that hold most. */
  freeMemory(): void {
    if (this.#memory.fullness <= 1) return;
    for (const session of this.#heaviestFirst()) {
      if (this.#memory.fullness <= ENOUGH) return;
      session.dismiss(REPLIES.outOfMemory, 'sessions hold too much memory');
      this.#shed('memory');
    }
  }

  /** Ends a session that has been silent, a stranger's if there is one. Resolves to whether there is room now. */
  async freeConnection(): Promise<boolean> {
    const quietest = this.#quietest();
    if (quietest === null) return false;
    quietest.dismiss(REPLIES.tooManyConnections, 'silent while others wait to come in');
    this.#shed('connections');
    await Promise.race([quietest.ended, new Promise((resolve) => setTimeout(resolve, LEAVING).unref())]);
    return true;
  }

  #heaviestFirst(): readonly SheddableSession[] {
    const sums = new Map<string, number>();
    for (const { clientKey, held } of this.#sessions) sums.set(clientKey, (sums.get(clientKey) ?? 0) + held);
    const sum = ({ clientKey }: SheddableSession): number => sums.get(clientKey) ?? 0;
    return [...this.#sessions]
      .filter(({ isLeaving, held }) => !isLeaving && held > 0)
      .sort((one, other) => sum(other) - sum(one) || other.held - one.held);
  }

  #quietest(): SheddableSession | null {
    if (this.#silent.length === 0) this.#look();
    for (let session = this.#silent.pop(); session !== undefined; session = this.#silent.pop()) if (isSilent(session)) return session;
    return null;
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#looked < LOOK_AGAIN) return;
    this.#looked = now;
    const order = (one: SheddableSession, other: SheddableSession): number => other.standing - one.standing || one.silence - other.silence;
    this.#silent = [...this.#sessions].filter(isSilent).sort(order);
  }
}

const isSilent = ({ isLeaving, silence }: SheddableSession): boolean => !isLeaving && silence >= STILL_TALKING;
