import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { serveProcess, tempSite } from '../kit/site.ts';

const ENTRIES = 400_000;

/** Of heap: an entry in tables needs none, what it was read from some 200 bytes. */
const MOST = 64 * 1024 * 1024;

const POLICY = `version: 1
lists:
  people: { type: address, file: config/people.txt }
grants:
  - { id: people, when: { recipient.address: { in: people } } }
routes:
  - { id: hop, to: "smtp://127.0.0.1:1", tls: none }
`;

const heapOf = async (admin: string): Promise<number> => {
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  const [, bytes] = /^nodejs_heap_size_used_bytes(?:\{.*\})? (\S+)$/m.exec(metrics) ?? assert.fail(metrics);
  return Number(bytes);
};

const site = await tempSite({
  'config/relay.yaml': `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
log: { level: silent }
admin: { address: "127.0.0.1:0" }
`,
  'rules/10-people.yaml': POLICY,
});
after(() => site.remove());

test('a relay keeps what a site means, not what it was read from', async () => {
  const lines = Array.from({ length: ENTRIES }, (_, n) => `person${n}@customer${n % 5000}.example\n`);
  await writeFile(join(site.root, 'config/people.txt'), lines.join(''));
  const served = await serveProcess(site);
  const heap = await heapOf(served.addresses.get('admin') ?? assert.fail('no admin pages'));
  await served.stop();
  assert.ok(heap < MOST, `${heap} bytes`);
});
