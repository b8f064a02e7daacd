import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { tempSite } from '../kit/site.ts';

const MANY = `version: 1
lists:
  ours: { type: domain, values: [example.com], nonsense: 1 }
  hosts: { type: cidr, values: [10.0.0.0/33] }
grants:
  - { id: inbound, when: { recipient.domain: { in: ours } } }
  - { id: open, whne: { client.ip: { in: hosts } } }
rules:
  - { id: a, on: rctp, then: reject }
  - { id: b, on: helo, when: { sender.domain: example.com }, then: reject }
  - { id: c, on: mail, when: { sender.domain: { in: theirs } }, then: reject }
  - { id: d, on: mail, when: { helo.name: { matches: "(" } }, then: { reject: 450 } }
  - { id: d, on: mail, then: { log: hello } }
routes:
  - { id: all, to: "smpt://10.0.0.1" }
`;

it('all mistakes of a file are told at once, and nothing that only follows from one of them', async () => {
  const site = await tempSite({ 'rules/a.yaml': MANY });
  const { site: running, diagnostics } = loadSite(site.config);
  await site.remove();
  assert.equal(running, null);
  assert.deepEqual(
    diagnostics.filter(({ at }) => at.file === 'rules/a.yaml').map(({ code, at }) => `${at.line} ${code}`),
    [
      '3 RLY1101',
      '4 RLY2011',
      '7 RLY1101',
      '9 RLY1104',
      '10 RLY3001',
      '11 RLY2002',
      '12 RLY2014',
      '12 RLY3004',
      '13 RLY1201',
      '15 RLY2017',
    ],
  );
});
