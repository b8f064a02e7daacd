import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { condition } from '../../../src/policy/compile/condition.ts';
import { View } from '../../../src/policy/compile/view.ts';
import { ExpressionBudget } from '../../../src/policy/expression-budget.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { loadSite } from '../../../src/site/loading/load.ts';
import { AT_RCPT, Prover } from '../../../src/site/proof/prover.ts';
import { replay } from '../../../src/site/proof/witness.ts';
import type { Simulation } from '../../../src/site/simulation/simulation.ts';
import { CONFIG, tempSite } from '../../kit/site.ts';

/*
 * Random policies over few values, and a random question: every answer has to agree with all sessions over these values, each replayed
 * through the relay's own judge. PROOF_RUNS and PROOF_SEED make it longer and other.
 */

const RUNS = Number(process.env.PROOF_RUNS ?? 15);
const SEED = Number(process.env.PROOF_SEED ?? 7);

const random = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const VALUES: Readonly<Record<string, readonly FactValue[]>> = {
  'client.ip': ['10.9.0.1', '203.0.113.9'],
  'helo.name': ['mx.example.net', 'app.example.com'],
  'sender.address': [null, 'a@example.net', 'b@partner.example'],
  'recipient.address': ['c@example.org', 'ann@example.com', 'ann+x@example.com'],
  'client.rdns': [null, 'h.example.com', new Unknown('no answer')],
};

const CONDITIONS = [
  '{ client.ip: 10.9.0.0/16 }',
  '{ client.ip: { not_in: clients } }',
  '{ helo.name: { ends_with: .example.com } }',
  '{ helo.name: mx.example.net }',
  '{ sender.null: true }',
  '{ sender.domain: { in: partners } }',
  '{ sender.domain: { not_in: partners } }',
  '{ sender.address: { glob: "*@example.net" } }',
  '{ recipient.domain: example.com }',
  '{ recipient.address: { in: people } }',
  '{ recipient.tag: { exists: true } }',
  '{ recipient.base: { in: people } }',
  '{ recipient.domain: { ne: example.org } }',
  '{ client.rdns: { exists: false } }',
  '{ client.rdns: { ends_with: .example.com } }',
  '{ client.rdns: { not_in: [h.example.com] } }',
];

const LISTS = `lists:
  clients: { type: cidr, values: [10.9.0.0/16] }
  partners: { type: domain, values: [partner.example] }
  people: { type: address, values: [ann@example.com, "@example.net"] }
`;

const HOOKS: Readonly<Record<string, number>> = { connect: 0, helo: 1, mail: 2, rcpt: 3 };

/** The hook from which on a condition may be asked. */
const earliest = (written: string): number => (/recipient/.test(written) ? 3 : /sender/.test(written) ? 2 : /helo/.test(written) ? 1 : 0);

class Made {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  pick<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.#next() * all.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  condition(depth = 2): string {
    const form = depth === 0 ? 0 : this.#next();
    if (form < 0.5) return this.pick(CONDITIONS);
    if (form < 0.65) return `{ not: ${this.condition(depth - 1)} }`;
    return `{ ${this.pick(['all', 'any', 'none'])}: [${this.condition(depth - 1)}, ${this.condition(depth - 1)}] }`;
  }

  rule(index: number): string {
    const when = this.condition();
    const at = Math.max(earliest(when), Math.floor(this.#next() * 4));
    const on = Object.keys(HOOKS)[at] ?? 'rcpt';
    const then = this.pick([
      '{ reject: "550 5.7.1 No" }',
      '{ reject: "550 5.7.1 No" }',
      'accept',
      '{ skip: [g] }',
      '{ tag: [t] }',
      '{ defer: "450 4.7.1 Later" }',
    ]);
    const more = [this.#next() < 0.4 ? 'group: g, ' : '', this.#next() < 0.3 ? 'on_unknown: defer, ' : ''].join('');
    const unless = this.#next() < 0.3 && at === 3 ? `unless: [${this.condition(1)}], ` : '';
    return `  - { id: r${index}, on: ${on}, ${more}when: ${when}, ${unless}then: ${then} }\n`;
  }

  policy(): string {
    const grants = [0, 1].map((index) => `  - { id: g${index}, when: ${this.condition()} }\n`).join('');
    const rules = [0, 1, 2, 3].map((index) => this.rule(index)).join('');
    const asked = `  - { id: asked, on: rcpt, when: ${this.condition()}, then: { tag: [asked] } }\n`;
    return `version: 1\n${LISTS}grants:\n${grants}rules:\n${asked}${rules}routes: [{ id: all, to: mx }]\n`;
  }
}

type Given = ReadonlyMap<string, FactValue>;

const sessions = (): readonly Given[] =>
  Object.entries(VALUES).reduce<readonly Given[]>(
    (all, [fact, values]) => all.flatMap((one) => values.map((value) => new Map([...one, [fact, value]]))),
    [new Map()],
  );

const isTaken = ({ recipients }: Simulation): boolean => recipients.some(({ refusal }) => refusal === null);

const tally = { none: 0, session: 0, undecided: 0 };

const checked = async (seed: number): Promise<void> => {
  const policy = new Made(seed).policy();
  const files = await tempSite({ 'config/relay.yaml': `${CONFIG}policies: [rules/a.yaml]\n`, 'rules/a.yaml': policy });
  try {
    const { site } = loadSite(files.config);
    // Some contradict themselves, which lint does not let pass.
    if (site === null) return;
    const asked = site.files[0]?.rules[0]?.when;
    assert.ok(asked);
    const test = condition(asked, { lists: site.policy.lists, diagnostics: [], expressions: new ExpressionBudget() });
    const isAsked = (given: Given): boolean => test.truth(new View({ get: (fact) => given.get(fact) })) === true;
    const prover = new Prover(site, 300_000);
    const grants = site.files.flatMap((file) => file.grants).map((grant) => prover.atoms.when(prover.rules.grant(grant), 'true'));
    const answer = await prover.ask({
      formulas: [prover.atoms.when(prover.atoms.proposition(asked, AT_RCPT), 'true'), { is: 'any', parts: grants }],
      happened: isTaken,
    });
    tally[answer.found] += 1;
    if (answer.found === 'session') {
      const given = new Map<string, FactValue>([['client.rdns', 'mx.client.example'], ...answer.session]);
      assert.ok(isAsked(given), `seed ${seed}: the session is not as asked\n${policy}${JSON.stringify([...given])}`);
      assert.ok(isTaken(await replay(site, answer.session)), `seed ${seed}: the session is not taken\n${policy}`);
    }
    for (const given of answer.found === 'none' ? sessions() : [])
      assert.ok(!isAsked(given) || !isTaken(await replay(site, given)), `seed ${seed}: said none\n${policy}${JSON.stringify([...given])}`);
  } finally {
    await files.remove();
  }
};

suite('proofs agree with all sessions over few values', () => {
  after(() => process.env.PROOF_RUNS !== undefined && console.log(JSON.stringify(tally)));

  test(`${RUNS} random policies`, async () => {
    for (let run = 0; run < RUNS; run += 1) await checked(SEED * 1_000_003 + run);
    assert.ok(tally.undecided * 4 < RUNS, `${tally.undecided} of ${RUNS} undecided`);
    assert.ok(tally.none > 0 && tally.session > 0);
  });
});
