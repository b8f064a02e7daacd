import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentText, introduced, submit, testRelay } from './relay.ts';

test('takes a message from a socket and answers with its queue id', async (t) => {
  const relay = await testRelay(t);
  const client = await relay.connect();
  assert.equal((await client.reply()).text, '220 relay.example.net ESMTP');
  const ehlo = await client.ask('EHLO client.example.org');
  assert.deepEqual(ehlo.lines, [
    'relay.example.net',
    'PIPELINING',
    'SIZE 1048576',
    '8BITMIME',
    'CHUNKING',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'DSN',
  ]);
  assert.deepEqual(await client.dialogue('MAIL FROM:<sender@example.org>', 'RCPT TO:<rcpt@example.com>', 'DATA'), [
    '250 2.1.0 Sender ok',
    '250 2.1.5 Recipient ok',
    '354 End data with <CR><LF>.<CR><LF>',
  ]);
  client.raw('Subject: hello\r\n\r\n..dot\r\nbody\r\n.\r\n');
  assert.equal((await client.reply()).text, '250 2.0.0 Ok: queued as id1');
  assert.equal((await client.ask('QUIT')).text, '221 2.0.0 Bye');
  await client.over();
  const [message] = relay.accepted;
  assert.match(
    contentText(message),
    /^Received: from client\.example\.org \(unknown \[127\.0\.0\.1\]\)\r\n\tby relay\.example\.net with ESMTP id id1\r\n\tfor <rcpt@example\.com>;\r\n\t.*\r\nSubject: hello\r\n\r\n\.dot\r\nbody\r\n$/,
  );
  assert.deepEqual(message?.envelope, { sender: 'sender@example.org', body: '7bit', smtputf8: false });
  assert.deepEqual(message?.recipients, [{ address: 'rcpt@example.com', grant: 'p/inbound' }]);
});

test('no grant is 550 5.7.1, and DATA without recipients is refused', async (t) => {
  const client = await introduced(await testRelay(t));
  assert.deepEqual(await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@elsewhere.example>', 'DATA'), [
    '250 2.1.0 Sender ok',
    '550 5.7.1 Relay access denied',
    '554 5.5.1 No valid recipients',
  ]);
});

test('answers pipelined commands in order', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  client.raw('MAIL FROM:<a@b.example>\r\nRCPT TO:<x@example.com>\r\nRCPT TO:<y@example.com>\r\nDATA\r\n');
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await client.reply()).code);
  assert.deepEqual(codes, [250, 250, 250, 354]);
  client.raw('\r\nhi\r\n.\r\nMAIL FROM:<c@d.example>\r\nRSET\r\nNOOP\r\nQUIT\r\n');
  for (let i = 0; i < 5; i++) codes.push((await client.reply()).code);
  assert.deepEqual(codes.slice(4), [250, 250, 250, 250, 221]);
  assert.deepEqual(
    relay.accepted[0]?.recipients.map(({ address }) => address),
    ['x@example.com', 'y@example.com'],
  );
});

test('a second message on the connection starts clean', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  assert.equal(await submit(client, 'Subject: one\r\n\r\n1'), '250 2.0.0 Ok: queued as id1');
  assert.equal(await submit(client, 'Subject: two\r\n\r\n2', 'other@example.com'), '250 2.0.0 Ok: queued as id2');
  assert.deepEqual(
    relay.accepted.map(({ recipients }) => recipients.map(({ address }) => address)),
    [['rcpt@example.com'], ['other@example.com']],
  );
  assert.deepEqual(
    relay.accepted.map(({ origin }) => origin.transaction.split('.')[1]),
    ['1', '2'],
  );
});
