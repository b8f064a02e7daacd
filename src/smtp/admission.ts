import type { Reply } from '../policy/reply.ts';
import { REPLIES } from './replies.ts';
import type { Limits } from './settings.ts';

/** Counts the connections of all listeners, in total and by client. */
export class Admission {
  readonly #limits: () => Limits;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: () => Limits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts the connection in; every one that entered must leave. The reply that turns it away, or `null`. */
  enter(ip: string): Reply | null {
    const { connections, connectionsPerIp } = this.#limits();
    const fromAddress = (this.#byAddress.get(ip) ?? 0) + 1;
    this.#byAddress.set(ip, fromAddress);
    this.#total++;
    if (this.#total > connections) return REPLIES.tooManyConnections;
    /** All clients of a unix socket are one address that nobody can tell apart. */
    return ip !== '' && fromAddress > connectionsPerIp ? REPLIES.tooManyFromAddress : null;
  }

  leave(ip: string): void {
    const others = (this.#byAddress.get(ip) ?? 1) - 1;
    if (others > 0) this.#byAddress.set(ip, others);
    else this.#byAddress.delete(ip);
    this.#total--;
  }
}
