import { setTimeout as sleep } from 'node:timers/promises';
import type { Work } from '../queue/queue.ts';
import { backOffFor } from './lane.ts';
import type { DeliveryParts } from './parts.ts';
import type { Plan } from './plan.ts';
import { ConnectionPool } from './pool.ts';
import { RateLimits } from './rate.ts';
import { Recorder } from './recorder.ts';
import { Scheduler } from './scheduler.ts';
import { Undertaking, type Workshop } from './undertaking.ts';

/*
 * The way of a message out: taken from the queue when due, its recipients routed, those of one route and destination
 * made one attempt, the attempt run when its lane and the total allow, and what came of it recorded for each
 * recipient. A slot is free again when the next hop has answered; recording goes on beside it, within a bound.
 * A domain whose lane is crowded is left in the queue until the lane has room.
 */

const recordingsPerSlot = 4;
const afterGrace = 5_000;

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #shop: Workshop;
  /** Domains whose lane is crowded, with the key of the lane. */
  readonly #stalled = new Map<string, string>();
  #taken = 0;
  #routing = 0;
  #pumping = false;
  #running = false;
  #aborted = false;
  #forget: () => void = () => undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#shop = {
      parts,
      pool: new ConnectionPool(),
      scheduler: new Scheduler({
        now: parts.now,
        concurrency: () => parts.settings().concurrency,
        backOff: () => backOffFor(parts.settings().retry),
        onRoom: () => this.#roomAgain(),
      }),
      recorder: new Recorder(parts),
      rates: new RateLimits(),
      aborted: () => this.#aborted,
    };
  }

  /** Begins to deliver what is due, now and from now on. */
  start(): void {
    this.#running = true;
    this.#forget = this.#parts.queue.onDue(() => this.#pump());
    this.#pump();
  }

  /**
   * Takes no more and lets attempts end for up to `grace` milliseconds, then breaks them off: those count as
   * not tried. Resolves when everything is recorded or given back.
   */
  async stop(grace: number): Promise<void> {
    this.#running = false;
    this.#forget();
    this.#shop.scheduler.stop();
    await this.#settled(grace);
    this.#aborted = true;
    this.#shop.pool.close();
    this.#shop.pool.abort();
    await this.#settled(afterGrace);
  }

  /** Attempts under way, messages taken from the queue, destinations known. */
  status(): { readonly active: number; readonly taken: number; readonly destinations: number } {
    return { active: this.#shop.scheduler.active, taken: this.#taken, destinations: this.#shop.scheduler.lanes };
  }

  async #settled(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (this.#taken > 0 && performance.now() < until) await sleep(10);
  }

  #roomAgain(): void {
    for (const [domain, key] of this.#stalled) if (!this.#shop.scheduler.isCrowded(key)) this.#stalled.delete(domain);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#hasRoom() && this.#takeNext());
    } catch (error) {
      this.#parts.log({ event: 'trouble', message: '', error: `no work could be taken: ${String(error)}` });
    }
    this.#pumping = false;
  }

  #takeNext(): boolean {
    const work = this.#next();
    if (work) this.#take(work);
    return work !== null;
  }

  #hasRoom(): boolean {
    const { concurrency } = this.#parts.settings();
    const { scheduler, recorder } = this.#shop;
    return this.#running && scheduler.active + this.#routing < concurrency && recorder.pending < recordingsPerSlot * concurrency;
  }

  #next(): Work | null {
    const { queue } = this.#parts;
    if (this.#stalled.size === 0) return queue.take();
    for (const { destination } of queue.backlog()) {
      const work = this.#stalled.has(destination) ? null : queue.take(destination);
      if (work) return work;
    }
    return null;
  }

  #take(work: Work): void {
    this.#taken += 1;
    const undertaking = new Undertaking(work, this.#shop);
    const plan = undertaking.plan();
    if (plan instanceof Promise) void this.#whenPlanned(plan, work, undertaking);
    else void this.#carryOut(plan, work, undertaking);
  }

  async #whenPlanned(plan: Promise<Plan>, work: Work, undertaking: Undertaking): Promise<void> {
    this.#routing += 1;
    const ready = await plan;
    this.#routing -= 1;
    await this.#carryOut(ready, work, undertaking);
  }

  async #carryOut(plan: Plan, work: Work, undertaking: Undertaking): Promise<void> {
    const done = undertaking.carryOut(plan);
    const crowded = plan.jobs.find(({ key }) => this.#shop.scheduler.isCrowded(key));
    if (crowded) this.#stalled.set(work.destination, crowded.key);
    await done;
    this.#taken -= 1;
    this.#pump();
  }
}
