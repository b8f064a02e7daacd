import { Delivery } from '../../src/delivery/delivery.ts';
import type { DeliveryEvent, DeliveryParts } from '../../src/delivery/parts.ts';
import { DEFAULT_SETTINGS, type DeliverySettings, RFC_TIMEOUTS, type Timeouts } from '../../src/delivery/settings.ts';
import type { AppliedEffect, Decision, Route } from '../../src/policy/decision.ts';
import type { Hook } from '../../src/policy/hook.ts';
import type { Envelope, MessageContent, MessageRecord, RecipientNotice } from '../../src/queue/message.ts';
import type { MailQueue, RecipientOutcome } from '../../src/queue/queue.ts';
import { MemoryQueue } from './memory-queue.ts';

/** Short enough that a test of a silent peer ends. */
export const shortTimeouts: Timeouts = {
  ...RFC_TIMEOUTS,
  connect: 1_000,
  greeting: 1_000,
  command: 1_000,
  data: 1_000,
  block: 1_000,
  afterDot: 1_000,
};

export const decision = (hook: Hook, more: { readonly route?: Route; readonly effects?: readonly AppliedEffect[] } = {}): Decision => ({
  verdict: 'none',
  hook,
  effects: more.effects ?? [],
  shadowed: [],
  trace: [],
  ...(more.route ? { route: more.route } : {}),
});

interface Given {
  readonly id?: string;
  readonly recipients?: readonly (RecipientNotice & { readonly address: string })[];
  readonly envelope?: Partial<Envelope>;
  readonly header?: string;
  readonly body?: string | Buffer;
  readonly arrived?: number;
  readonly lifetime?: number;
}

let count = 0;

/** A message for the queue; a plain small one to `b@example.net` unless told otherwise. */
export const message = (given: Given = {}): { readonly record: MessageRecord; readonly content: MessageContent } => {
  const arrived = given.arrived ?? Date.now();
  const header = Buffer.from(given.header ?? 'From: a@example.org\r\nSubject: hi\r\n\r\n');
  const bytes = Buffer.from(given.body ?? 'Hello.\r\n');
  const recipients = (given.recipients ?? [{ address: 'b@example.net' }]).map((one) => ({
    ...one,
    grant: 'test/all',
    status: 'open' as const,
    attempts: 0,
    nextAttempt: arrived,
    delayNoticed: false,
    last: null,
  }));
  return {
    record: {
      id: given.id ?? `m${count++}`,
      arrived,
      expires: arrived + (given.lifetime ?? 432_000_000),
      size: header.length + bytes.length,
      envelope: { sender: 'a@example.org', body: '7bit', smtputf8: false, ...given.envelope },
      origin: { transaction: 't', policyVersion: 'v', facts: {}, results: {}, tags: [], score: 0, skipped: [] },
      recipients,
      state: 'queued',
      reason: '',
    },
    content: { header, body: { kind: 'inline', bytes } },
  };
};

/** The fate, code and enhanced code recorded for each recipient; the last if there were several. */
export const fates = ({ queue }: TestDelivery): Readonly<Record<string, string>> =>
  Object.fromEntries(queue.outcomes.map((outcome) => [outcome.address, outcome.fate === 'postponed' ? 'postponed' : described(outcome)]));

const described = ({ fate, report }: Exclude<RecipientOutcome, { fate: 'postponed' }>): string =>
  `${fate} ${report.code} ${report.enhanced}`;

/** What was recorded last about the next hop's words. */
export const lastText = ({ queue }: TestDelivery): string => {
  const last = queue.outcomes.at(-1);
  return last && last.fate !== 'postponed' ? last.report.text : '';
};

export interface TestDelivery {
  readonly queue: MemoryQueue;
  readonly delivery: Delivery;
  readonly events: DeliveryEvent[];
  /** Resolves when `times` outcomes have been recorded; rejects after 10 s. */
  readonly outcomes: (times: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

type Overrides = Partial<Omit<DeliveryParts, 'queue' | 'settings'>> & { readonly set?: Partial<DeliverySettings> };

/** A running delivery from this queue. `route` is where everything goes. */
export const testDeliveryOf = (
  queue: MailQueue,
  route: string | Route | DeliveryParts['routeFor'],
  more: Overrides = {},
): { readonly delivery: Delivery; readonly events: DeliveryEvent[] } => {
  const events: DeliveryEvent[] = [];
  const { set, ...parts } = more;
  const settings: DeliverySettings = {
    ...DEFAULT_SETTINGS,
    hostname: 'relay.test',
    root: '/',
    ownAddresses: new Set(),
    localMx: true,
    timeouts: RFC_TIMEOUTS,
    ...set,
  };
  const chosen = typeof route === 'string' ? { id: 'r', to: route } : route;
  const quiet = (hook: Hook) => (): Decision => decision(hook);
  const delivery = new Delivery({
    queue,
    dns: { mx: () => Promise.reject(new Error('no DNS here')), addresses: () => Promise.reject(new Error('no DNS here')) },
    settings: () => settings,
    routeFor: typeof chosen === 'function' ? chosen : () => decision('get_mx', { route: chosen }),
    hooks: { delivered: quiet('delivered'), deferred: quiet('deferred'), bounce: quiet('bounce') },
    password: () => Promise.reject(new Error('no password here')),
    log: (event) => events.push(event),
    now: Date.now,
    random: () => 0.5,
    newId: () => `n${count++}`,
    ...parts,
  });
  delivery.start();
  return { delivery, events };
};

/** A running delivery over a queue in memory. */
export const testDelivery = (route: string | Route | DeliveryParts['routeFor'], more: Overrides = {}): TestDelivery => {
  const queue = new MemoryQueue(more.now ?? Date.now);
  const { delivery, events } = testDeliveryOf(queue, route, more);
  const outcomes = async (times: number): Promise<void> => {
    for (const until = Date.now() + 120_000; queue.outcomes.length < times; await new Promise((resolve) => setTimeout(resolve, 5)))
      if (Date.now() > until) throw new Error(`only ${queue.outcomes.length} of ${times} outcomes: ${JSON.stringify(events)}`);
  };
  return { queue, delivery, events, outcomes, stop: () => delivery.stop(200) };
};
