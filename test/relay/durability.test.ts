import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf } from './arrivals.ts';
import { introduced, MESSAGE, submit } from './mail.ts';
import { serving, siteFixture } from './site-fixture.ts';

const CLIENTS = 4;
const EACH = 10;

test('a message answered 250 arrives even if the relay is killed right after', async (context) => {
  let isOpen = false;
  const refuse = (): string | undefined => (isOpen ? undefined : '421 4.3.2 not yet');
  const around = await siteFixture(context, {
    hop: { script: (step) => (step === 'connect' ? refuse() : undefined) },
    config: 'delivery: { retry: [200ms] }',
  });
  const first = await serving(around);
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => introduced(first.address)));
  const send = async (number: number): Promise<void> => {
    const client = clients[number];
    assert.ok(client);
    for (let count = 0; count < EACH; count++)
      assert.match(await submit(client, { message: `X-Number: ${number}-${count}\r\n${MESSAGE}` }), /^250 2\.0\.0 /);
  };
  await Promise.all(clients.map((_, number) => send(number)));
  await first.stop('SIGKILL');
  for (const client of clients) client.destroy();
  assert.equal(around.hop.received.length, 0);
  isOpen = true;
  await serving(around);
  const arrived = await around.hop.arrived(CLIENTS * EACH);
  const numbers = arrived.flatMap(({ content }) => fieldsOf(content, 'X-Number')).sort();
  const sent = Array.from({ length: CLIENTS * EACH }, (_, index) => `${Math.floor(index / EACH)}-${index % EACH}`).sort();
  assert.deepEqual(numbers, sent);
});
