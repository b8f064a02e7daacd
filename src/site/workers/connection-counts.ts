import type { Reply } from '../../policy/reply.ts';
import type { Admission } from '../../smtp/admission.ts';

/** The connections of one worker among those the primary counts; when it dies, all of them have left. */
export class ConnectionCounts {
  readonly #admission: Admission;
  readonly #inside = new Map<string, number>();

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** Of the whole relay, 1 is all that may be. */
  get fullness(): number {
    return this.#admission.fullness;
  }

  enter(ip: string): Reply | null {
    const refused = this.#admission.enter(ip);
    if (refused === null) this.#inside.set(ip, (this.#inside.get(ip) ?? 0) + 1);
    return refused;
  }

  leave(ip: string): void {
    const others = (this.#inside.get(ip) ?? 0) - 1;
    if (others < 0) return;
    if (others === 0) this.#inside.delete(ip);
    else this.#inside.set(ip, others);
    this.#admission.leave(ip);
  }

  allLeave(): void {
    for (const [ip, count] of [...this.#inside]) for (let left = 0; left < count; left++) this.leave(ip);
  }
}
