import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { truthName } from '../../src/policy/truth.ts';
import type { Coverage } from '../../src/site/testing/coverage.ts';
import { testSite } from '../../src/site/testing/test-site.ts';
import { command } from '../kit/cli.ts';
import { loaded, type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const siteWith = async (policy: string): Promise<TempSite> => {
  const site = await tempSite({ 'rules/10-site.yaml': policy });
  sites.push(site);
  return site;
};

const coverageFor = async (policy: string): Promise<Coverage> => {
  const { coverage } = await testSite(loaded(await siteWith(policy)), { coverage: true, unknown: false, witnesses: false });
  assert.ok(coverage);
  return coverage;
};

/** `rule part: what it never was`. */
const missing = ({ rules }: Coverage): readonly string[] =>
  rules.flatMap((rule) =>
    [rule, ...rule.parts].flatMap((one) =>
      one.missing.length === 0
        ? []
        : [`${rule.guarded.named.id} ${'text' in one ? one.text : '(rule)'}: ${one.missing.map(truthName).join(', ')}`],
    ),
  );

const TOP = `version: 1
grants: [{ id: inbound, when: { recipient.domain: example.com } }]
routes: [{ id: all, to: "discard:" }]
rules:
`;

const testOf = (given: string): string =>
  `  - { name: "${given.replace(/"/g, '')}", given: { recipient.address: a@example.com, ${given} }, expect: { score: 0 } }\n`;

const policyOf = (rule: string, given: readonly string[]): string =>
  `${TOP}  - ${rule}\ntests:\n  - { name: outside, given: { recipient.address: a@example.org }, expect: { by: grants } }\n${given.map(testOf).join('')}`;

test('a part counts where the evaluation came to it, not where another part had decided', async () => {
  const rule = '{ id: two, on: mail, when: { helo.name: a.example, sender.domain: b.example }, then: { tag: [x] } }';
  assert.deepEqual(missing(await coverageFor(policyOf(rule, ['helo.name: c.example, sender.address: x@d.example']))), [
    'two (rule): true',
    'two helo.name: a.example: true',
    'two sender.domain: b.example: true, false',
  ]);
  const both = [
    'helo.name: c.example',
    'helo.name: a.example, sender.address: x@b.example',
    'helo.name: a.example, sender.address: x@d.example',
  ];
  assert.deepEqual(missing(await coverageFor(policyOf(rule, both))), []);
});

test('parts of any, none, not and unless, several operators on a fact, and limits are parts of their own', async () => {
  const rule = `{ id: many, on: mail, when: { any: [{ helo.name: a.example }, { not: { sender.domain: { starts_with: b, ends_with: c } } }] }, unless: [{ client.ip: 192.0.2.1 }], limit: { key: client.ip, count: messages, max: 9, per: 1h }, then: { tag: [x] } }`;
  const coverage = await coverageFor(policyOf(rule, ['helo.name: a.example, client.ip: 192.0.2.1']));
  const many = coverage.rules.find(({ guarded }) => guarded.named.id === 'many');
  assert.deepEqual(
    many?.parts.map(({ text }) => text),
    [
      'helo.name: a.example',
      'sender.domain: { starts_with: b }',
      'sender.domain: { ends_with: c }',
      'client.ip: 192.0.2.1',
      'limit: 9 messages',
    ],
  );
  assert.deepEqual(many?.parts.at(-1)?.truths, [true, false, undefined]);
});

test('a look-up is to be seen unknown, which the sweep of unknowns sees to', async () => {
  const rule = '{ id: spf, on: mail, when: { spf.result: fail }, then: { reject: "550 5.7.23 No" }, on_unknown: defer }';
  assert.deepEqual(missing(await coverageFor(policyOf(rule, ['spf.result: fail', 'spf.result: pass']))), []);
  const never = await coverageFor(policyOf(rule, []));
  assert.deepEqual(missing(never), [
    'inbound (rule): true',
    'inbound recipient.domain: example.com: true',
    'spf (rule): true',
    'spf spf.result: fail: true',
    'all (rule): true',
  ]);
});

test('--lcov writes rules as functions, lines with conditions as lines and outcomes as branches', async () => {
  const rule = '{ id: two, on: mail, when: { helo.name: a.example, sender.domain: b.example }, then: { tag: [x] } }';
  const site = await siteWith(policyOf(rule, ['helo.name: c.example']));
  const lcov = join(site.root, 'lcov.info');
  const { code } = await command('test', '-c', site.config, '--lcov', lcov);
  assert.equal(code, 0);
  const lines = (await readFile(lcov, 'utf8')).split('\n');
  assert.match(lines[0] ?? '', /^SF:.*rules\/10-site\.yaml$/);
  for (const line of [
    'FN:5,10-site/two',
    'FNDA:0,10-site/two',
    'FNF:3',
    'FNH:2',
    'DA:2,2',
    'DA:3,1',
    'DA:5,0',
    'LF:3',
    'LH:2',
    'end_of_record',
  ])
    assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('BRDA:5')),
    ['BRDA:5,1,0,0', 'BRDA:5,1,1,2', 'BRDA:5,2,0,-', 'BRDA:5,2,1,-'],
  );
});
