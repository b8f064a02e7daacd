import type { Reply } from '../policy/reply.ts';
import type { Eventually } from '../transaction/eventually.ts';
import { REPLIES } from '../transaction/replies.ts';
import { clientKey } from './client-key.ts';
import type { Limits } from './limits.ts';

/** Counts connections and turns away those over the limit; asynchronous where several processes share the limits. */
export interface AdmissionControl {
  /** Open connections that this process has admitted. */
  readonly total: number;
  /** Over all processes; 1 means the limit is reached. */
  readonly fullness: number;
  /** `null`: the connection is counted and must call `leave`. Otherwise the reply that turns it away; it is not counted. */
  enter(ip: string): Eventually<Reply | null>;
  leave(ip: string): void;
}

/** Counts the connections of all listeners, in total and by client. */
export class Admission implements AdmissionControl {
  readonly #limits: () => Limits;
  readonly #byClient = new Map<string, number>();
  #total = 0;

  constructor(limits: () => Limits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  get fullness(): number {
    return this.#total / this.#limits().connections;
  }

  enter(ip: string): Reply | null {
    const { connections, connectionsPerIp } = this.#limits();
    const client = clientKey(ip);
    const present = (this.#byClient.get(client) ?? 0) + 1;
    /** Clients of a unix socket have no address that tells them apart. */
    if (ip !== '' && present > connectionsPerIp) return REPLIES.tooManyFromAddress;
    if (this.#total >= connections) return REPLIES.tooManyConnections;
    this.#byClient.set(client, present);
    this.#total++;
    return null;
  }

  leave(ip: string): void {
    const client = clientKey(ip);
    const others = (this.#byClient.get(client) ?? 1) - 1;
    if (others > 0) this.#byClient.set(client, others);
    else this.#byClient.delete(client);
    this.#total--;
  }
}
