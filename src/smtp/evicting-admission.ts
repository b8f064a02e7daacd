import type { Reply } from '../policy/reply.ts';
import { after, type Eventually } from '../transaction/eventually.ts';
import { REPLIES } from '../transaction/replies.ts';
import type { AdmissionControl } from './admission.ts';
import type { Overload } from './overload.ts';

/** Admission that ends a silent session when there are too many connections, rather than turning the next client away. */
export class EvictingAdmission {
  readonly #admission: AdmissionControl;
  readonly #overload: Overload;

  constructor(admission: AdmissionControl, overload: Overload) {
    this.#admission = admission;
    this.#overload = overload;
  }

  /** `null`: counted, and must call `leave`. */
  enter(ip: string): Eventually<Reply | null> {
    return after(this.#admission.enter(ip), (refused) =>
      refused?.enhanced === REPLIES.tooManyConnections.enhanced ? this.#insteadOfAnother(ip, refused) : refused,
    );
  }

  leave(ip: string): void {
    this.#admission.leave(ip);
  }

  async #insteadOfAnother(ip: string, refused: Reply): Promise<Reply | null> {
    return (await this.#overload.freeConnection()) ? this.#admission.enter(ip) : refused;
  }
}
