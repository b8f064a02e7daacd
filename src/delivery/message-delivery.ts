import type { DeliveryReport, MessageContent, MessageRecord, RecipientState } from '../queue/message.ts';
import type { RecipientOutcome, Work } from '../queue/queue.ts';
import { makeAttempt } from './attempt.ts';
import { conclude } from './conclude.ts';
import type { Contact } from './destination-queue.ts';
import { domainOf, type Job } from './job.ts';
import type { AttemptResult } from './network-attempt.ts';
import type { DeliveryParts } from './parts.ts';
import { type Plan, planWork } from './plan.ts';
import type { ConnectionPool } from './pool.ts';
import type { RateLimits } from './rate.ts';
import type { RecipientLimits } from './recipient-limits.ts';
import type { Recorder } from './recorder.ts';
import type { RecipientResult } from './result.ts';
import { isEarly } from './retry.ts';
import type { Scheduler } from './scheduler.ts';
import { share } from './settings.ts';
import { withGrantedWishes } from './wishes.ts';

/** Shared by all messages being delivered. */
export interface DeliveryContext {
  readonly parts: DeliveryParts;
  readonly pool: ConnectionPool;
  readonly scheduler: Scheduler;
  readonly recorder: Recorder;
  readonly rates: RateLimits;
  readonly recipientLimits: RecipientLimits;
  /** We have aborted the attempts, so a deferral means nothing. */
  readonly aborted: () => boolean;
}

const TROUBLE_PAUSE = 60_000;

/**
 * Delivery of one work item: routes its recipients and makes one attempt per route and destination, each concluded
 * and recorded on its own. What could not be tried or recorded is given back only after everything else is done;
 * otherwise it might be taken again while an attempt is still running.
 */
export class MessageDelivery {
  #work: Work;
  readonly #context: DeliveryContext;
  #giveBackAt: number | null = null;

  constructor(work: Work, context: DeliveryContext) {
    this.#work = work;
    this.#context = context;
  }

  /** Routes the recipients; returns no promise if no rule needs a look-up. */
  plan(): Plan | Promise<Plan> {
    const { parts } = this.#context;
    const record = withGrantedWishes(this.#work.record, parts.mayReport ?? (() => true));
    return record instanceof Promise ? record.then((found) => this.#planFor(found)) : this.#planFor(record);
  }

  #planFor(record: MessageRecord): Plan | Promise<Plan> {
    this.#work = { ...this.#work, record };
    return planWork(this.#work, this.#context.parts, this.#context.recipientLimits);
  }

  /** Carries a plan out. Resolves when everything is recorded or given back; never rejects. */
  async carryOut({ jobs, settled, postponed }: Plan): Promise<void> {
    const deliveries = jobs.map((job) => this.#deliver(job));
    if (jobs.length + settled.size + postponed.size === 0) this.#giveBack(this.#context.parts.now() + TROUBLE_PAUSE);
    await this.#postpone(postponed);
    await this.#conclude(settled, { destination: this.#work.destination, content: () => this.#content() });
    await Promise.all(deliveries);
    if (this.#giveBackAt !== null) this.#context.parts.queue.giveBack(this.#work.id, this.#giveBackAt);
  }

  #deliver(job: Job): Promise<void> {
    const { parts, scheduler, rates } = this.#context;
    const { processes, perDestination } = parts.settings();
    const { concurrency } = job.route;
    return new Promise((resolve) => {
      scheduler.submit({
        key: job.key,
        limit: concurrency === undefined ? perDestination : share(concurrency, processes),
        rate: rates.of(job.route, processes),
        urgent: job.recipients.some((recipient) => isEarly(recipient, parts.settings().retry)),
        run: (admitted, misses) => this.#attempt(job, { admitted, misses, recorded: resolve }),
        refuse: (trouble) => this.#refuse(job, trouble).then(resolve),
        giveBack: () => {
          this.#giveBack(parts.now());
          resolve();
        },
      });
    });
  }

  /** The slot is free when this resolves; `recorded` is called once the outcome is durable. */
  async #attempt(
    job: Job,
    { admitted, misses, recorded }: { readonly admitted: () => Promise<void>; readonly misses: number; readonly recorded: () => void },
  ): Promise<Contact> {
    const content = await this.#content();
    if (!content) {
      this.#giveBack(this.#context.parts.now() + TROUBLE_PAUSE);
      recorded();
      return { reached: true, trouble: null };
    }
    const attempt = await makeAttempt(job, content, { ...this.#context, admitted, misses });
    void this.#conclude(attempt.results, { destination: destinationOf(job), content: () => Promise.resolve(content) }).then(recorded);
    return { reached: attempt.reached, trouble: troubleOf(attempt) };
  }

  #refuse(job: Job, trouble: DeliveryReport): Promise<void> {
    const report = { ...trouble, at: this.#context.parts.now() };
    const results = new Map<RecipientState, RecipientResult>(
      job.recipients.map((recipient) => [recipient, { result: 'deferred', report, elsewhere: false }]),
    );
    return this.#conclude(results, { destination: destinationOf(job), content: () => this.#content() });
  }

  async #conclude(
    results: ReadonlyMap<RecipientState, RecipientResult>,
    about: { destination: string; content: () => Promise<MessageContent | null> },
  ): Promise<void> {
    const { parts, recorder, aborted } = this.#context;
    const counted = aborted() ? new Map([...results].filter(([, { result }]) => result !== 'deferred')) : results;
    if (counted.size < results.size) this.#giveBack(parts.now());
    if (counted.size === 0) return;
    const conclusion = await conclude({ record: this.#work.record, results: counted, ...about }, parts).catch((error: unknown) =>
      this.#trouble(error),
    );
    if (conclusion && !(await recorder.record(this.#work.id, conclusion))) this.#giveBack(parts.now() + TROUBLE_PAUSE);
  }

  async #postpone(postponed: ReadonlyMap<RecipientState, number>): Promise<void> {
    if (postponed.size === 0) return;
    const { parts, recorder } = this.#context;
    const outcomes: RecipientOutcome[] = [...postponed].map(([{ address }, at]) => ({ fate: 'postponed', address, nextAttempt: at }));
    const events = [...postponed].map(
      ([{ address: recipient }, at]) => ({ event: 'postponed', record: this.#work.record, recipient, nextAttempt: at }) as const,
    );
    const recorded = await recorder.record(this.#work.id, { outcomes, also: [], events });
    if (!recorded) this.#giveBack(parts.now() + TROUBLE_PAUSE);
  }

  /** `null` if the entry is gone or was set aside: the queue handles that. */
  #content(): Promise<MessageContent | null> {
    return this.#context.parts.queue.content(this.#work.id).catch((error: unknown) => this.#trouble(error));
  }

  #trouble(error: unknown): null {
    this.#context.parts.log({ event: 'trouble', message: this.#work.id, error: String(error) });
    this.#giveBack(this.#context.parts.now() + TROUBLE_PAUSE);
    return null;
  }

  #giveBack(at: number): void {
    this.#giveBackAt = Math.max(at, this.#giveBackAt ?? 0);
  }
}

const destinationOf = ({ target, domain, route, recipients }: Job): string =>
  target.kind === 'mx' ? domain || domainOf(recipients[0]?.address ?? '') : route.to;

/** Why no host was reached. */
const troubleOf = ({ reached, results }: AttemptResult): DeliveryReport | null => {
  const [first] = results.values();
  return reached || !first ? null : first.report;
};
