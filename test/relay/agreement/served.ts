import type { TestContext } from 'node:test';
import type { Finder } from '../../../src/policy/decide/settle.ts';
import type { Decision } from '../../../src/policy/decision.ts';
import { Unknown } from '../../../src/policy/value.ts';
import type { Site } from '../../../src/site/loading/load.ts';
import { Closing } from '../../../src/site/relay/closing.ts';
import type { Core } from '../../../src/site/relay/core.ts';
import { deliveryParts } from '../../../src/site/relay/delivery-parts.ts';
import { openCore } from '../../../src/site/relay/open-core.ts';
import { makeReady } from '../../../src/site/relay/running.ts';
import { serverSettings } from '../../../src/site/relay/server-settings.ts';
import { createRelayServer } from '../../../src/smtp/server.ts';
import type { JudgedEntry } from '../../../src/transaction/judged.ts';
import { recordOf } from '../../../src/transaction/record.ts';
import type { AcceptedMessage } from '../../../src/transaction/settings.ts';
import { capturedLog, loaded, type TempSite } from '../../kit/site.ts';
import { SmtpClient } from '../../kit/smtp-client.ts';
import { stuffed } from '../mail.ts';
import { serverOf, type Visit } from './visits.ts';

/** A Monday noon, as tests of policies have it. */
export const NOON = new Date(2026, 0, 5, 12).getTime();

/** What one client heard of the relay, and what became of its mail. */
export interface Heard {
  /** `RCPT` and the reply, in the order of the session; the greeting and the reply to PROXY are `connect`. */
  readonly replies: readonly (readonly [command: string, text: string])[];
  /** Decisions worth noting, in order. */
  readonly decisions: readonly Decision[];
  /** What would have gone into the queue. */
  readonly accepted: AcceptedMessage | null;
  readonly routes: Readonly<Record<string, string>>;
}

/** Facts that are found inside the message: they are really looked for. */
const INSIDE: ReadonlySet<string> = new Set(['body.text', 'body.html', 'attachment']);

interface State {
  visit: Visit | null;
  decisions: Decision[];
  accepted: AcceptedMessage | null;
  /** What the decision log would have for `relayctl replay`, whenever it comes. */
  readonly judged: JudgedEntry[];
}

/** The server that `serve` runs, on a socket; only what the world would answer is the visitor's, and the queue is not written. */
export class ServedSite {
  readonly #core: Core;
  readonly address: string;
  readonly #state: State;

  private constructor(core: Core, address: string, state: State) {
    this.#core = core;
    this.address = address;
    this.#state = state;
  }

  static async open(test: TestContext, temp: TempSite): Promise<ServedSite> {
    const closing = new Closing();
    test.after(() => closing.close());
    const site = loaded(temp);
    const state: State = { visit: null, decisions: [], accepted: null, judged: [] };
    const start = { running: makeReady(site, NOON), log: capturedLog(), now: () => NOON, onDecision: () => undefined, ledger: null };
    const core = await openCore({ ...start, connections: () => 0, queueStatus: (status) => status }, closing);
    const settings = serverSettings(core, null);
    const server = createRelayServer({
      ...settings,
      finder: (message) => answering(core.finder(message), () => state.visit),
      queueId: () => 'dry-run',
      accept: async (message) => {
        state.accepted = message;
      },
      send: () => undefined,
      authenticate: async ({ password }) => password === 'right',
      plaintextAuth: () => true,
      decisions: (decision) => void state.decisions.push(decision),
      judged: {
        keeping: () => ({ header: true, omit: new Set() }),
        write: (entry) => void state.judged.push(JSON.parse(JSON.stringify(entry))),
      },
    });
    const [listener] = await server.open();
    closing.add(() => server.close(0));
    return new ServedSite(core, listener?.address ?? '', state);
  }

  /** Another policy from here on. */
  take(site: Site): void {
    this.#core.running = makeReady(site, NOON, { present: this.#core.running });
  }

  /** What has been written since the last time, by policy; a session that was turned away is written when its socket closes. */
  takeJudged(): readonly JudgedEntry[] {
    return this.#state.judged.splice(0);
  }

  async hear(visit: Visit): Promise<Heard> {
    Object.assign(this.#state, { visit, decisions: [], accepted: null });
    const replies = await talk(this.address, visit);
    const { decisions, accepted } = this.#state;
    return { replies, decisions: [...decisions], accepted, routes: accepted === null ? {} : await this.#routes(accepted) };
  }

  async #routes(message: AcceptedMessage): Promise<Readonly<Record<string, string>>> {
    const { routeFor } = deliveryParts(this.#core);
    const record = recordOf(message, 1, 1);
    const routes: Record<string, string> = {};
    for (const recipient of record.recipients) {
      const { route } = await routeFor(record, recipient, {});
      if (route) routes[recipient.address] = route.to;
    }
    return routes;
  }
}

/** Look-ups and counts as the visitor has them. */
const answering = (real: Finder, visit: () => Visit | null): Finder => ({
  find: async (need, definition, facts, signal) => {
    if (need.need === 'lookup' && INSIDE.has(need.name)) return real.find(need, definition, facts, signal);
    const { found = {}, counts = {} } = visit() ?? {};
    const answer = need.need === 'lookup' ? found[need.name] : (counts[need.name.replace(/^(\w+)\.[^/]*\//, '$1.')] ?? false);
    return answer === undefined ? new Unknown('not given') : answer;
  },
});

type Replies = (readonly [string, string])[];

const talk = async (address: string, visit: Visit): Promise<Replies> => {
  const replies: Replies = [];
  const client = await SmtpClient.connect(address);
  try {
    await dialogue(client, visit, replies);
  } finally {
    client.destroy();
  }
  return replies;
};

const dialogue = async (client: SmtpClient, visit: Visit, replies: Replies): Promise<void> => {
  const ask = async (command: string, bytes: string | Buffer): Promise<boolean> => {
    client.raw(bytes);
    const { text } = await client.reply().catch(() => ({ text: '' }));
    if (text !== '') replies.push([command, text]);
    return /^[23]/.test(text);
  };
  if (!(await ask('connect', `PROXY ${visit.ip.includes(':') ? 'TCP6' : 'TCP4'} ${visit.ip} ${serverOf(visit)} 40000 25\r\n`))) return;
  const helo = () => ask('helo', `${visit.verb} ${visit.helo}\r\n`);
  if (visit.tls) {
    if (!(await helo())) return;
    client.raw('STARTTLS\r\n');
    await client.reply();
    await client.startTls();
  }
  if (!(await helo())) return;
  const login = Buffer.from(`\0${visit.user}\0right`).toString('base64');
  if (visit.user !== null && !(await ask('auth', `AUTH PLAIN ${login}\r\n`))) return;
  if (!(await ask('mail', `MAIL FROM:<${visit.sender}>${visit.smtputf8 ? ' SMTPUTF8' : ''}\r\n`))) return;
  let taken = 0;
  for (const recipient of visit.recipients) {
    taken += Number(await ask('rcpt', `RCPT TO:<${recipient}>\r\n`));
    if (client.isOver || replies.at(-1)?.[1].startsWith('421')) return;
  }
  if (taken === 0) return;
  if (visit.chunked) {
    await ask('message', Buffer.concat([Buffer.from(`BDAT ${visit.message.length} LAST\r\n`), visit.message]));
    return;
  }
  if (await ask('data', 'DATA\r\n')) await ask('message', stuffed(visit.message));
};
