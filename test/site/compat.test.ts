import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { concessionsOf } from '../../src/site/config/concessions.ts';
import { readConfig } from '../../src/site/config/read.ts';
import { type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const read = async (compat: string) => {
  const site = await tempSite({
    'config/relay.yaml': `version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0" }, { name: lan, address: "127.0.0.1:0" }]\ncompat: ${compat}\n`,
  });
  sites.push(site);
  return readConfig(site.config);
};

/** An entry, and the codes that lint reports of it. */
const ENTRIES: readonly (readonly [string, readonly string[]])[] = [
  ['[{ from: [10.0.0.0/8], bare_lf: true }]', ['RLY5014']],
  ['[{ from: [192.168.1.7, "fd00::/8"], bare_lf: true, loose_helo: true }]', ['RLY5014', 'RLY5014']],
  ['[{ from: [198.51.100.0/24], bare_lf: true }]', ['RLY5014']],
  ['[{ from: ["2001:db8::/64"], bare_lf: true }]', ['RLY5014']],
  ['[{ from: [198.51.0.0/16], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: [0.0.0.0/0], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: [10.0.0.0/8, 0.0.0.0/1], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: ["::/0"], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: [172.0.0.0/8], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: [192.0.0.0/8], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: ["::ffff:0:0/96"], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ listeners: [lan], bare_lf: true }]', ['RLY5001', 'RLY5014']],
  ['[{ listeners: [lan], bare_addresses: true }]', ['RLY5014']],
  ['[{ listeners: [wan], bare_addresses: true }]', ['RLY5001', 'RLY5014']],
  ['[{ bare_addresses: true }]', ['RLY5001', 'RLY5014']],
  ['[{ from: [10.0.0.0/8], bare_lf: false }]', []],
  ['[{ from: [no], bare_lf: false }]', ['RLY5001']],
  ['[]', []],
];

for (const [compat, codes] of ENTRIES)
  test(`lint on compat: ${compat}`, async () => {
    assert.deepEqual(
      (await read(compat)).diagnostics.map(({ code }) => code),
      codes,
    );
  });

test('a concession applies only to the network and listener it names', async () => {
  const { config } = await read(
    '[{ from: [10.0.0.0/8, "fd00::/8"], listeners: [lan], bare_lf: true }, { listeners: [lan], loose_helo: true }]',
  );
  assert.ok(config);
  const concessions = concessionsOf(config);
  const shown = (listener: string, ip: string) => [concessions(listener, ip).bareLf, concessions(listener, ip).looseHelo];
  assert.deepEqual(shown('lan', '10.1.2.3'), [true, true]);
  assert.deepEqual(shown('lan', 'fd00::1'), [true, true]);
  assert.deepEqual(shown('lan', '192.0.2.1'), [false, true]);
  assert.deepEqual(shown('lan', ''), [false, true]);
  assert.deepEqual(shown('mx', '10.1.2.3'), [false, false]);
});
