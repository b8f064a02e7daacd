import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const CONFIG = 'version: 1\nhostname: relay.example.com\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\n';

/** `line code` of every finding in a policy whose lists nothing uses; the configuration's with its file. */
const found = async (lists: string, config = ''): Promise<readonly string[]> => {
  const site = await tempSite({
    'config/relay.yaml': `${CONFIG}${config}`,
    'rules/10-site.yaml': `version: 1\nlists:\n${lists}routes:\n  - { id: all, to: "discard:" }\n`,
  });
  sites.push(site);
  return loadSite(site.config).diagnostics.map(
    ({ at, code, severity }) => `${at.file.startsWith('rules/') ? '' : 'config '}${at.line} ${code} ${severity}`,
  );
};

const UNUSED = '  partners: { type: domain, values: [partner.example] }\n';

test('a finding on the next line is silenced for a reason', async () => {
  assert.deepEqual(await found(UNUSED), ['3 RLY4003 warning']);
  assert.deepEqual(await found(`  # relayctl-disable-next-line RLY4003: used from May on\n${UNUSED}`), []);
});

test('several codes, several comments, and comments between', async () => {
  const wide = '  partners: { type: domain, values: [] }\n';
  assert.deepEqual(await found(wide), ['3 RLY4003 warning', '3 RLY4004 warning']);
  assert.deepEqual(await found(`  # relayctl-disable-next-line RLY4003, RLY4004: filled later\n${wide}`), []);
  const stacked = '  # relayctl-disable-next-line RLY4003: one\n  # why it is so\n  # relayctl-disable-next-line RLY4004: two\n';
  assert.deepEqual(await found(`${stacked}${wide}`), []);
});

test('only that line, only that code', async () => {
  const comment = '  # relayctl-disable-next-line RLY4003: used from May on\n';
  assert.deepEqual(await found(`${comment}${UNUSED}${UNUSED.replace('partners', 'others')}`), ['5 RLY4003 warning']);
  assert.deepEqual(await found(`  # relayctl-disable-next-line RLY4004: filled\n${UNUSED}`), ['3 RLY4090 warning', '4 RLY4003 warning']);
});

for (const [comment, codes] of [
  ['RLY4003', ['3 RLY4091 warning', '4 RLY4003 warning']],
  ['RLY4003:', ['3 RLY4091 warning', '4 RLY4003 warning']],
  [': no code', ['3 RLY4091 warning', '4 RLY4003 warning']],
  ['RLY403: mistyped', ['3 RLY4091 warning', '4 RLY4003 warning']],
  ['RLY2002: an error', ['3 RLY4091 warning', '4 RLY4003 warning']],
] as const)
  test(`# relayctl-disable-next-line ${comment} silences nothing, and is reported`, async () => {
    assert.deepEqual(await found(`  # relayctl-disable-next-line ${comment}\n${UNUSED}`), codes);
  });

test('a block scalar is content, and no comment', async () => {
  const text =
    '  partners:\n    description: |\n      # relayctl-disable-next-line RLY4003: no\n    type: domain\n    values: [a.example]\n';
  assert.deepEqual(await found(text), ['3 RLY4003 warning']);
});

test('no comment is called useless while an error keeps checks from running', async () => {
  const broken = `  # relayctl-disable-next-line RLY4004: filled later\n${UNUSED.replace('type', 'tipe')}`;
  assert.ok(!(await found(broken)).some((line) => line.includes('RLY4090')));
});

test('the configuration changes the severity of a code for the whole site', async () => {
  const as = (severity: string): string => `lint: { severities: { RLY4003: ${severity} } }\n`;
  assert.deepEqual(await found(UNUSED, as('"off"')), []);
  assert.deepEqual(await found(UNUSED, as('info')), ['3 RLY4003 info']);
  assert.deepEqual(await found(UNUSED, as('error')), ['3 RLY4003 error']);
  const site = sites.at(-1) ?? assert.fail();
  assert.equal(loadSite(site.config).site, null);
});

test('an error cannot be made less, and a code that is none is refused', async () => {
  for (const code of ['RLY2002', 'RLY403']) {
    const [first = ''] = await found(UNUSED, `lint: { severities: { ${code}: info } }\n`);
    assert.match(first, /^config 4 RLY1101 error$/);
  }
});
