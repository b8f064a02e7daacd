import { setTimeout as sleep } from 'node:timers/promises';
import type { Conclusion } from './conclude.ts';
import type { DeliveryParts } from './parts.ts';

const PAUSES = [100, 1_000, 5_000, 15_000] as const;

/**
 * Writes conclusions to the queue. Failed writes are retried a few times, since forgetting a delivery means making
 * it twice. Only recorded outcomes are logged.
 */
export class Recorder {
  readonly #parts: Pick<DeliveryParts, 'queue' | 'log'>;
  #pending = 0;

  constructor(parts: Pick<DeliveryParts, 'queue' | 'log'>) {
    this.#parts = parts;
  }

  /** Conclusions being written to disk. */
  get pending(): number {
    return this.#pending;
  }

  /** True once durable; false if it could not be written. Never rejects. */
  async record(id: string, { outcomes, also, events }: Conclusion): Promise<boolean> {
    if (outcomes.length === 0) return true;
    this.#pending += 1;
    const recorded = await this.#persist(id, () => this.#parts.queue.settle(id, outcomes, also));
    this.#pending -= 1;
    if (recorded) for (const event of events) this.#parts.log(event);
    return recorded;
  }

  async #persist(id: string, write: () => Promise<void>): Promise<boolean> {
    for (const pause of [...PAUSES, 0]) {
      try {
        await write();
        return true;
      } catch (error) {
        this.#parts.log({ event: 'trouble', message: id, error: `outcome not recorded: ${String(error)}` });
        if (pause > 0) await sleep(pause);
      }
    }
    return false;
  }
}
