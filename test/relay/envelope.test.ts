import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { envelope, MESSAGE, queueIdOf, submit } from './mail.ts';
import { OPEN, type RelayFixture, relayFixture } from './site-fixture.ts';

const opened = (context: TestContext, ...rules: readonly string[]): Promise<RelayFixture> =>
  relayFixture(context, { policy: `${OPEN}rules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}` });

test('a rewritten recipient needs a grant of its own', async (context) => {
  const fixture = await opened(
    context,
    '{ id: alias, on: rcpt, when: { recipient.local: info }, then: { rewrite_recipient: ann@example.com } }',
    '{ id: outside, on: rcpt, when: { recipient.tag: x }, then: { rewrite_recipient: "${recipient.tag}@elsewhere.test" } }',
    '{ id: late, on: data_post, when: { header.subject: leak }, then: { rewrite_recipient: ann@elsewhere.test } }',
  );
  const client = await fixture.connect();
  const replies = await envelope(client, { to: ['info@example.com', 'leak+x@example.com', 'bob@example.com'] });
  assert.deepEqual(
    replies.map((reply) => reply.slice(0, 9)),
    ['250 2.1.0', '250 2.1.5', '550 5.7.1', '250 2.1.5'],
  );
  await client.ask('RSET');
  assert.match(await submit(client, { message: MESSAGE.replace('lunch', 'leak') }), /^550 5\.7\.1 /);
  assert.match(await submit(client, { to: ['info@example.com'] }), /^250 /);
  const [arrived] = await fixture.hop.arrived(1);
  assert.deepEqual(arrived && recipientsOf(arrived), ['ann@example.com']);
});

test('an invalid address never becomes a recipient: 451 if it would replace one, else it is dropped', async (context) => {
  const fixture = await opened(
    context,
    '{ id: odd, on: rcpt, when: { recipient.local: odd }, then: { rewrite_recipient: "${recipient.address}@${helo.name}" } }',
    '{ id: sender, on: mail, when: { sender.local: odd }, then: { rewrite_sender: "${sender.local}" } }',
    '{ id: copy, on: data_post, when: { header.x-copy: { exists: true } }, then: { add_recipient: "${header.x-copy}" } }',
  );
  const client = await fixture.connect();
  assert.match((await envelope(client, { from: 'odd@example.org' }))[0] ?? '', /^451 4\.3\.0 /);
  assert.match((await envelope(client, { to: ['odd@example.com'] }))[1] ?? '', /^451 4\.3\.0 /);
  await client.ask('RSET');
  assert.match(await submit(client, { message: `X-Copy: a@example.com>\r\n SIZE=1 RCPT TO:<b@example.com\r\n${MESSAGE}` }), /^250 /);
  assert.match(await submit(client, { message: `X-Copy: carol@example.com\r\n${MESSAGE}` }), /^250 /);
  const arrived = await fixture.hop.arrived(2);
  assert.deepEqual(arrived.map(recipientsOf), [['bob@example.com'], ['bob@example.com', 'carol@example.com']]);
});

test('redirect_to replaces all recipients, add_recipient adds one, and a rewritten sender is sent', async (context) => {
  const fixture = await opened(
    context,
    '{ id: sender, on: mail, then: { rewrite_sender: "bounces+${sender.local}@example.com" } }',
    '{ id: archive, on: data_post, then: { add_recipient: [archive@example.net, BOB@example.com] } }',
    '{ id: review, on: queue, when: { recipients.count: { gt: 2 } }, then: { redirect_to: review@example.net } }',
  );
  const client = await fixture.connect();
  assert.match(await submit(client), /^250 /);
  const [copied] = await fixture.hop.arrived(1);
  assert.match(copied?.mail ?? '', /^MAIL FROM:<bounces\+ann@example\.com>/);
  assert.deepEqual(copied && recipientsOf(copied), ['bob@example.com', 'archive@example.net']);
  assert.match(await submit(client, { to: ['bob@example.com', 'carol@example.com'] }), /^250 /);
  const [, redirected] = await fixture.hop.arrived(2);
  assert.deepEqual(redirected && recipientsOf(redirected), ['review@example.net']);
});

test('discarded and quarantined mail is answered 250 and not delivered', async (context) => {
  const fixture = await opened(
    context,
    '{ id: gone, on: data_post, when: { header.subject: gone }, then: discard }',
    '{ id: apart, on: queue, when: { header.subject: apart }, then: { quarantine: { reason: "for ${sender.address}" } } }',
  );
  const client = await fixture.connect();
  for (const subject of ['gone', 'apart']) {
    const reply = await submit(client, { message: MESSAGE.replace('lunch', subject) });
    assert.notEqual(queueIdOf(reply), '', reply);
  }
  assert.match(await submit(client), /^250 /);
  const arrived = await fixture.hop.arrived(1);
  assert.deepEqual(
    arrived.map(({ content }) => fieldsOf(content, 'Subject').join()),
    ['lunch'],
  );
  assert.equal((await fixture.relay.status()).queue.quarantined, 1);
});

test('a recipient whose domain is spelled with U-labels and with A-labels gets the message once', async (context) => {
  const policy = `${OPEN.replace('example.com', '[example.com, bücher.example]')}rules:
  - { id: copy, on: data_post, then: { add_recipient: ANN@xn--bcher-kva.example } }
`;
  const fixture = await relayFixture(context, { policy });
  const client = await fixture.connect();
  const to = ['ann@bücher.example', 'Ann@XN--BCHER-KVA.example', 'ann@BÜCHER.example', 'ann@xn--bcher-kva.example'];
  assert.match(await submit(client, { parameters: ' SMTPUTF8', to }), /^250 /);
  const [arrived] = await fixture.hop.arrived(1);
  assert.deepEqual(arrived && recipientsOf(arrived), ['ann@xn--bcher-kva.example']);
});
