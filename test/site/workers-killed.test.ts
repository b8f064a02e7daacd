import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type ServingProcess, serveProcess } from '../kit/site.ts';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { runs } from '../kit/thorough.ts';
import { until } from '../kit/until.ts';
import { connected, isRunning, relayWithWorkers, statusOf } from './worker-relay.ts';

/*
 * Processes of the relay are killed at seeded moments while clients use up limits. Were a count lost, a limit would let
 * more pass than it may; were one doubled, fewer. What was counted and not heard of any more, because the worker or the
 * primary died before the client had its answer, is at most one for each client and kill.
 */

const MOST = 40;
const KEYS = ['a.example', 'b.example', 'c.example'];
const CLIENTS = 4;
const VICTIMS = ['worker', 'primary', 'worker'] as const;

const LIMITED = `rules:
  - id: few
    on: rcpt
    limit: { key: [sender.domain], count: recipients, max: ${MOST}, per: 30d }
    on_unknown: defer
    then: { defer: "451 4.7.1 Too many" }
`;

/** Numbers below `bound` that follow from the seed. */
const randomFrom = (seed: number): ((bound: number) => number) => {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
};

/** What clients have heard of one key. */
interface Heard {
  passed: number;
  /** Asked, and not answered by the limit. */
  unknown: number;
  usedUp: boolean;
}

class Guests {
  readonly heard = new Map<string, Heard>(KEYS.map((key) => [key, { passed: 0, unknown: 0, usedUp: false }]));
  readonly #address: () => string;
  readonly #random: (bound: number) => number;
  #gate = 0;
  #reached: { readonly passes: number; readonly then: () => void } | null = null;

  constructor(address: () => string, random: (bound: number) => number) {
    this.#address = address;
    this.#random = random;
  }

  get passed(): number {
    return [...this.heard.values()].reduce((sum, { passed }) => sum + passed, 0);
  }

  /** Lets them go on; `then` is called at the very moment of so many passes, and few more follow before the next such call. */
  until(passes: number, then: () => void): void {
    this.#reached = { passes, then };
    this.#gate = passes + 2 * CLIENTS;
  }

  #pass(heard: Heard): void {
    heard.passed++;
    if (this.#reached === null || this.passed < this.#reached.passes) return;
    const { then } = this.#reached;
    this.#reached = null;
    then();
  }

  /** Asks over one connection after another until every limit is used up. */
  async ask(): Promise<void> {
    for (let client: SmtpClient | null = null; this.#open().length > 0; ) {
      if (this.passed >= this.#gate) await until(() => this.passed < this.#gate, 'the end of a pause');
      client ??= await connected(this.#address()).catch(() => null);
      if (client === null) await new Promise(setImmediate);
      else if (!(await this.#askOver(client))) client = null;
    }
  }

  #open(): readonly [string, Heard][] {
    return [...this.heard].filter(([, { usedUp }]) => !usedUp);
  }

  /** False if the connection is gone. */
  async #askOver(client: SmtpClient): Promise<boolean> {
    const open = this.#open();
    const [key = '', heard = assert.fail()] = open[this.#random(open.length)] ?? [];
    const asked = client.dialogue('RSET', `MAIL FROM:<x@${key}>`, 'RCPT TO:<ann@example.com>');
    const reply = await asked.then(
      (replies) => replies[2] ?? '',
      () => '',
    );
    if (reply.startsWith('250 ')) this.#pass(heard);
    else if (reply === '451 4.7.1 Too many') heard.usedUp = true;
    else heard.unknown++;
    if (!reply.startsWith('421') && reply !== '') return true;
    client.destroy();
    return false;
  }
}

for (let seed = 0; seed < runs(4); seed++)
  test(`a worker and the primary are killed while limits are counted: none lost, none doubled; seed ${seed}`, {
    timeout: 600_000,
  }, async (t) => {
    const random = randomFrom(seed);
    const { site, served: first } = await relayWithWorkers(t, { rules: LIMITED, config: 'limits: { shutdown: 1s }\n' });
    let served: ServingProcess = first;
    t.after(() => served.process.kill('SIGKILL'));
    const guests = new Guests(() => served.addresses.get('mx') ?? '', random);
    const all = Promise.all(Array.from({ length: CLIENTS }, () => guests.ask()));

    const killed = {
      worker: async (moment: number) => {
        const { workers } = await statusOf(site);
        const victim = workers[random(workers.length)] ?? assert.fail('no worker');
        await new Promise<void>((resolve) => guests.until(moment, () => resolve(void process.kill(victim, 'SIGKILL'))));
        await until(async () => (await statusOf(site)).workers.filter((pid) => pid !== victim).length === 2, 'a successor');
      },
      primary: async (moment: number) => {
        const { workers } = await statusOf(site);
        const exited = once(served.process, 'exit');
        guests.until(moment, () => served.process.kill('SIGKILL'));
        await exited;
        await until(() => !workers.some(isRunning), 'the end of the workers');
        served = await serveProcess(site);
      },
    };
    const share = Math.floor((MOST * KEYS.length) / (VICTIMS.length + 1));
    for (const [at, victim] of VICTIMS.entries()) await killed[victim](at * share + 1 + 2 * CLIENTS + random(share - 2 * CLIENTS));
    guests.until(Number.POSITIVE_INFINITY, () => undefined);
    await all;
    for (const [key, { passed, unknown }] of guests.heard) {
      t.diagnostic(`${key}: ${passed} passed, ${unknown} without an answer`);
      assert.ok(passed <= MOST, `${key}: ${passed} passed, ${MOST} may`);
      assert.ok(passed + unknown >= MOST, `${key}: ${passed} passed and ${unknown} without an answer, of ${MOST}`);
    }
    assert.ok(guests.passed >= MOST * KEYS.length - CLIENTS * VICTIMS.length, `${guests.passed} passed in all`);
    await served.stop();
  });
