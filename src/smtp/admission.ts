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

  /** `null`: the connection is counted in, and must leave. Otherwise the reply that turns it away; it does not count. */
  enter(ip: string): Reply | null {
    const { connections, connectionsPerIp } = this.#limits();
    const fromAddress = (this.#byAddress.get(ip) ?? 0) + 1;
    if (this.#total >= connections) return REPLIES.tooManyConnections;
    /** Clients of a unix socket have no address that tells them apart. */
    if (ip !== '' && fromAddress > connectionsPerIp) return REPLIES.tooManyFromAddress;
    this.#byAddress.set(ip, fromAddress);
    this.#total++;
    return null;
  }

  leave(ip: string): void {
    const others = (this.#byAddress.get(ip) ?? 1) - 1;
    if (others > 0) this.#byAddress.set(ip, others);
    else this.#byAddress.delete(ip);
    this.#total--;
  }
}
