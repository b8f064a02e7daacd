import type { Reply } from '../../policy/reply.ts';
import type { AdmissionControl } from '../../smtp/admission.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { Calls } from './calls.ts';

export interface AdmissionChannel {
  readonly enter: (call: number, ip: string) => void;
  readonly leave: (ip: string) => void;
}

/** Milliseconds. */
const FRESH = 10_000;

/**
 * The connectionCounts of a worker: the primary counts for all of them, so that limits hold for the relay and not for
 * each process. One message there and one back for a connection; if no answer comes, nobody is let in.
 */
export class RemoteAdmission implements AdmissionControl {
  readonly #way: AdmissionChannel;
  readonly #calls = new Calls<Reply | null>(REPLIES.tooManyConnections);
  #total = 0;
  #fullness = 0;
  #heard = 0;

  constructor(way: AdmissionChannel) {
    this.#way = way;
  }

  get total(): number {
    return this.#total;
  }

  async enter(ip: string): Promise<Reply | null> {
    const refused = await this.#calls.ask((call) => this.#way.enter(call, ip));
    if (refused === null) this.#total += 1;
    return refused;
  }

  leave(ip: string): void {
    this.#total -= 1;
    this.#way.leave(ip);
  }

  /** As the primary had it when it let somebody in last; what was long ago is no measure. */
  get fullness(): number {
    return performance.now() - this.#heard < FRESH ? this.#fullness : 0;
  }

  /** The primary has spoken. */
  answer(call: number, refused: Reply | null, fullness: number): void {
    this.#fullness = fullness;
    this.#heard = performance.now();
    this.#calls.answer(call, refused);
  }

  /** There is no primary any more. */
  shut(): void {
    this.#calls.giveUp();
  }
}
