import type { Reply } from '../policy/reply.ts';
import type { Eventually } from '../transaction/eventually.ts';
import { REPLIES } from '../transaction/replies.ts';
import { customerOf } from './customer.ts';
import type { Limits } from './limits.ts';

/** Who counts connections, and turns away those that are too many; where several processes share the limits, it may take a moment. */
export interface Doorkeeper {
  /** Connections of this process that were let in and have not left. */
  readonly total: number;
  /** `null`: the connection is counted in, and must leave. Otherwise the reply that turns it away; it does not count. */
  enter(ip: string): Eventually<Reply | null>;
  leave(ip: string): void;
}

/** Counts the connections of all listeners, in total and by client. */
export class Admission implements Doorkeeper {
  readonly #limits: () => Limits;
  readonly #byCustomer = new Map<string, number>();
  #total = 0;

  constructor(limits: () => Limits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  enter(ip: string): Reply | null {
    const { connections, connectionsPerIp } = this.#limits();
    const customer = customerOf(ip);
    const present = (this.#byCustomer.get(customer) ?? 0) + 1;
    if (this.#total >= connections) return REPLIES.tooManyConnections;
    /** Clients of a unix socket have no address that tells them apart. */
    if (ip !== '' && present > connectionsPerIp) return REPLIES.tooManyFromAddress;
    this.#byCustomer.set(customer, present);
    this.#total++;
    return null;
  }

  leave(ip: string): void {
    const customer = customerOf(ip);
    const others = (this.#byCustomer.get(customer) ?? 1) - 1;
    if (others > 0) this.#byCustomer.set(customer, others);
    else this.#byCustomer.delete(customer);
    this.#total--;
  }
}
