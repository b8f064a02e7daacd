import { setTimeout as sleep } from 'node:timers/promises';
import type { Work } from '../queue/queue.ts';
import { backOffFor } from './destination-queue.ts';
import { type DeliveryContext, MessageDelivery } from './message-delivery.ts';
import type { DeliveryParts } from './parts.ts';
import type { Plan } from './plan.ts';
import { ConnectionPool } from './pool.ts';
import { RateLimits } from './rate.ts';
import { RecipientLimits } from './recipient-limits.ts';
import { Recorder } from './recorder.ts';
import { Scheduler } from './scheduler.ts';

/*
 * The way of a message out: taken from the queue when due, its recipients routed, those of one route and destination
 * made one attempt, the attempt run when its destination and the total allow, and what came of it recorded for each
 * recipient. A slot is free again when the next hop has answered; recording goes on beside it, within a bound.
 * A domain whose destination is crowded is left in the queue until the destination has room.
 */

const RECORDINGS_PER_SLOT = 4;
const ABORT_GRACE = 5_000;

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #context: DeliveryContext;
  /** Domains whose destination is crowded, with the key of the destination. */
  readonly #stalled = new Map<string, string>();
  #taken = 0;
  #preparing = 0;
  #pumping = false;
  #running = false;
  #aborted = false;
  #forget: () => void = () => undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#context = {
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
      recipientLimits: new RecipientLimits(),
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
    this.#context.scheduler.stop();
    await this.#settled(grace);
    this.#aborted = true;
    this.#context.pool.close();
    this.#context.pool.abort();
    await this.#settled(ABORT_GRACE);
  }

  /** Attempts under way, messages taken from the queue, destinations known. */
  status(): { readonly active: number; readonly taken: number; readonly destinations: number } {
    return { active: this.#context.scheduler.active, taken: this.#taken, destinations: this.#context.scheduler.destinations };
  }

  async #settled(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (this.#taken > 0 && performance.now() < until) await sleep(10);
  }

  #roomAgain(): void {
    for (const [domain, key] of this.#stalled) if (!this.#context.scheduler.isCrowded(key)) this.#stalled.delete(domain);
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
    const next = this.#next();
    if (next === null) return false;
    this.#taken += 1;
    if (next instanceof Promise) void this.#whenRead(next);
    else this.#deliver(next);
    return true;
  }

  async #whenRead(reading: Promise<Work | null>): Promise<void> {
    this.#preparing += 1;
    const work = await reading;
    this.#preparing -= 1;
    if (work) this.#deliver(work);
    else this.#ended();
  }

  #hasRoom(): boolean {
    const { concurrency } = this.#parts.settings();
    const { scheduler, recorder } = this.#context;
    return this.#running && scheduler.active + this.#preparing < concurrency && recorder.pending < RECORDINGS_PER_SLOT * concurrency;
  }

  #next(): Work | Promise<Work | null> | null {
    const { queue } = this.#parts;
    if (this.#stalled.size === 0) return queue.take();
    for (const { destination } of queue.backlog()) {
      const work = this.#stalled.has(destination) ? null : queue.take(destination);
      if (work) return work;
    }
    return null;
  }

  #deliver(work: Work): void {
    const messageDelivery = new MessageDelivery(work, this.#context);
    const plan = messageDelivery.plan();
    if (plan instanceof Promise) void this.#whenPlanned(plan, work, messageDelivery);
    else void this.#carryOut(plan, work, messageDelivery);
  }

  async #whenPlanned(plan: Promise<Plan>, work: Work, messageDelivery: MessageDelivery): Promise<void> {
    this.#preparing += 1;
    const ready = await plan;
    this.#preparing -= 1;
    await this.#carryOut(ready, work, messageDelivery);
  }

  async #carryOut(plan: Plan, work: Work, messageDelivery: MessageDelivery): Promise<void> {
    const done = messageDelivery.carryOut(plan);
    const crowded = plan.jobs.find(({ key }) => this.#context.scheduler.isCrowded(key));
    if (crowded) this.#stalled.set(work.destination, crowded.key);
    await done;
    this.#ended();
  }

  #ended(): void {
    this.#taken -= 1;
    this.#pump();
  }
}
