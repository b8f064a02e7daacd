import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../kit/until.ts';
import { envelope, introduced } from './mail.ts';
import { type Serving, serving, siteFixture } from './site-fixture.ts';

const REMEMBERING = `version: 1
grants: [{ id: inbound, when: { recipient.domain: example.com } }]
rules:
  - id: three
    on: rcpt
    when: { recipient.local: { starts_with: limited } }
    limit: { key: [client.net], count: recipients, max: 3, per: 1h }
    then: { defer: "451 4.7.1 Too many recipients from \${client.net}" }
  - id: first-time
    on: rcpt
    when: { recipient.local: grey }
    then: { greylist: { key: [client.net, sender.address], delay: 2s, window: 1h, keep: 1h } }
`;
const DELAY = 2000;
const LIMITED = '451 4.7.1 Too many recipients from 127.0.0.0/24';

/** Replies to RCPT, in a session of its own that ends with RSET. */
const ask = async ({ address }: Serving, from: string, locals: readonly string[]): Promise<readonly string[]> => {
  const client = await introduced(address);
  const replies = await envelope(client, { from, to: locals.map((local) => `${local}@example.com`) });
  client.destroy();
  return replies.slice(1);
};

test('greylist and limits survive kill -9 and a clean stop', async (context) => {
  const around = await siteFixture(context, { policy: REMEMBERING });
  const first = await serving(around);
  const met = Date.now();
  for (const _ of ['first', 'too early']) assert.match((await ask(first, 'a@sender.test', ['grey']))[0] ?? '', /^451 4\.7\.1 /);
  assert.deepEqual(
    (await ask(first, 'a@sender.test', ['limited1', 'limited2'])).map((reply) => reply.slice(0, 3)),
    ['250', '250'],
  );
  await first.stop('SIGKILL');

  const second = await serving(around);
  assert.deepEqual(
    (await ask(second, 'a@sender.test', ['limited3', 'limited4'])).map((reply) => reply.slice(0, 9)),
    ['250 2.1.5', '451 4.7.1'],
  );
  await until(async () => /^250 /.test((await ask(second, 'a@sender.test', ['grey']))[0] ?? ''), 'the end of the greylisting');
  assert.ok(Date.now() - met >= DELAY);
  assert.match((await ask(second, 'stranger@sender.test', ['grey']))[0] ?? '', /^451 4\.7\.1 /);
  assert.equal(await second.stop(), 0);

  const third = await serving(around);
  assert.match((await ask(third, 'a@sender.test', ['grey']))[0] ?? '', /^250 /);
  assert.deepEqual(await ask(third, 'a@sender.test', ['limited5']), [LIMITED]);
});
