import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LedgerStatus } from '../../ledger/ledger.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import { Unknown } from '../../policy/value.ts';
import type { StoreStatus } from '../../queue/store.ts';
import { ruleOf } from '../../transaction/decision-entry.ts';

/** Read at each scrape. */
export interface Gauges {
  readonly connections: () => number;
  readonly queue: () => StoreStatus | Promise<StoreStatus>;
  /** `null`: another process has it. */
  readonly ledger: () => LedgerStatus | null;
}

/** Metrics of one process, as the library gives them. */
export type Figures = readonly object[];

/** Counts for Prometheus, and the usual figures of a process. Label values come from policies and our own words, never from clients, so their number is bounded. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #verdicts = new Counter({
    name: 'relayctl_verdicts_total',
    help: 'Verdicts by hook and rule',
    labelNames: ['hook', 'verdict', 'rule'],
    registers: [this.#registry],
  });
  readonly #lookups = new Histogram({
    name: 'relayctl_lookup_seconds',
    help: 'Duration of look-ups made for rules',
    labelNames: ['fact', 'known'],
    buckets: [0.001, 0.01, 0.1, 0.5, 1, 3, 10, 30],
    registers: [this.#registry],
  });
  readonly #accepted = new Counter({ name: 'relayctl_messages_total', help: 'Messages made durable', registers: [this.#registry] });
  readonly #outcomes = new Counter({
    name: 'relayctl_deliveries_total',
    help: 'Recipients by outcome of the delivery attempt',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #shed = new Counter({
    name: 'relayctl_shed_total',
    help: 'Clients refused or disconnected, by the resource that ran short',
    labelNames: ['shortage'],
    registers: [this.#registry],
  });
  readonly #reloads = new Counter({
    name: 'relayctl_reloads_total',
    help: 'Reloads by result',
    labelNames: ['taken'],
    registers: [this.#registry],
  });

  constructor(gauges: Gauges) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'relayctl_connections',
      help: 'Open connections',
      registers,
      collect() {
        this.set(gauges.connections());
      },
    });
    new Gauge({
      name: 'relayctl_queue_messages',
      help: 'Messages in the queue',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, count] of Object.entries(await gauges.queue())) this.set({ state }, count);
      },
    });
    new Gauge({
      name: 'relayctl_ledger_entries',
      help: 'Counters and greylist entries in the ledger',
      registers,
      collect() {
        this.set(gauges.ledger()?.entries ?? 0);
      },
    });
    new Gauge({
      name: 'relayctl_ledger_evicted',
      help: 'Counters and greylist entries dropped since the start because the ledger was full',
      registers,
      collect() {
        this.set(gauges.ledger()?.evicted ?? 0);
      },
    });
  }

  decided(decision: Decision): void {
    const { hook, verdict } = decision;
    this.#verdicts.inc({ hook, verdict, rule: ruleOf(decision) });
  }

  accepted(): void {
    this.#accepted.inc();
  }

  attempted(outcome: string): void {
    this.#outcomes.inc({ outcome });
  }

  shed(shortage: string): void {
    this.#shed.inc({ shortage });
  }

  reloaded(taken: boolean): void {
    this.#reloads.inc({ taken: String(taken) });
  }

  /** A finder whose look-ups are timed; the label is the fact's family. */
  timing(finder: Finder): Finder {
    return {
      find: async (need, definition, facts, signal) => {
        const stop = this.#lookups.startTimer({ fact: definition?.name ?? need.need });
        const value = await finder.find(need, definition, facts, signal);
        stop({ known: String(!(value instanceof Unknown)) });
        return value;
      },
    };
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** As one process hands them to another, which sums them up. */
  figures(): Promise<Figures> {
    return this.#registry.getMetricsAsJSON();
  }
}

/** The sum over several processes, in the text format of Prometheus. */
export const summed = (figures: readonly Figures[]): Promise<string> => AggregatorRegistry.aggregate([...figures]).metrics();
