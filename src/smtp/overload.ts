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
const STILL_TALKING = 2000;
/** For a session that was dismissed to be gone. Milliseconds. */
const LEAVING = 1000;

/**
 * All sessions of a process, and which of them ends when connections or memory run short. Memory asks for no standing:
 * whoever has sent one message could else hold all of it.
 */
export class Overload {
  readonly #sessions = new Set<SheddableSession>();
  readonly #memory: MemoryBudget;
  readonly #shed: (shortage: Shortage) => void;

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

  /** Ends sessions until the rest keep within the budget: of the client whose sessions hold most, the one that holds most. */
  freeMemory(): void {
    while (this.#memory.fullness > 1) {
      const heaviest = this.#heaviest();
      if (heaviest === null) return;
      heaviest.dismiss(REPLIES.outOfMemory, 'sessions hold too much memory');
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

  #heaviest(): SheddableSession | null {
    const sums = new Map<string, number>();
    for (const { clientKey, held } of this.#sessions) sums.set(clientKey, (sums.get(clientKey) ?? 0) + held);
    const sum = ({ clientKey }: SheddableSession): number => sums.get(clientKey) ?? 0;
    return first(
      this.#sessions,
      ({ held }) => held > 0,
      (one, other) => sum(other) - sum(one) || other.held - one.held,
    );
  }

  #quietest(): SheddableSession | null {
    return first(
      this.#sessions,
      ({ silence }) => silence >= STILL_TALKING,
      (one, other) => one.standing - other.standing || other.silence - one.silence,
    );
  }
}

type Test = (session: SheddableSession) => boolean;
type Order = (one: SheddableSession, other: SheddableSession) => number;

/** Of those that are not leaving anyway. */
const first = (sessions: Iterable<SheddableSession>, may: Test, order: Order): SheddableSession | null => {
  let found: SheddableSession | null = null;
  for (const session of sessions) if (!session.isLeaving && may(session) && (found === null || order(session, found) < 0)) found = session;
  return found;
};
