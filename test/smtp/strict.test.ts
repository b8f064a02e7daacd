import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentText, introduced, type TestRelay, testRelay } from './relay.ts';

const REFUSED = '550 5.6.0 Message has a bare CR or LF or a NUL';

/** Sends the bytes behind 354 in one write or byte by byte, and gives the reply. */
const sendMessage = async (relay: TestRelay, bytes: string, bytewise: boolean): Promise<string> => {
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<a@b.example>', 'RCPT TO:<a@example.com>', 'DATA');
  client.socket.setNoDelay(true);
  if (bytewise)
    for (const byte of Buffer.from(bytes, 'latin1')) {
      client.raw(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  else client.raw(Buffer.from(bytes, 'latin1'));
  const { text } = await client.reply();
  assert.equal((await client.ask('NOOP')).text, '250 2.0.0 Ok', 'nothing of the message was read as a command');
  return text;
};

for (const bytewise of [false, true]) {
  const how = bytewise ? 'byte by byte' : 'at once';

  test(`only CR LF . CR LF ends a message, ${how}`, async (t) => {
    const relay = await testRelay(t);
    for (const smuggled of ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r\n.\r', '\r.\r\n', '\n\n.\r\n', '\r\n\0.\r\n', '\r\r\n']) {
      const message = `Subject: x\r\n\r\nbody${smuggled}MAIL FROM:<evil@x.example>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n.\r\n`;
      assert.equal(await sendMessage(relay, message, bytewise), REFUSED, JSON.stringify(smuggled));
    }
    assert.equal(relay.accepted.length, 0);
  });

  test(`a NUL, a bare CR and a bare LF are refused anywhere, ${how}`, async (t) => {
    const relay = await testRelay(t);
    for (const text of ['\0', 'a\rb', 'a\nb', '\n', '\r', 'Subject: a\nX: b\r\n\r\n', 'Subject: x\r\n\r\n\rx'])
      assert.equal(await sendMessage(relay, `${text}\r\n.\r\n`, bytewise), REFUSED, JSON.stringify(text));
  });

  test(`stuffed dots are removed and nothing else changes, ${how}`, async (t) => {
    const relay = await testRelay(t);
    const message = 'X: y\r\n\r\n..\r\n...two\r\n.x\r\na.b\r\n \xff\x01\t\r\n..\r\n.\r\n';
    assert.equal(await sendMessage(relay, message, bytewise), '250 2.0.0 Ok: queued as id1');
    assert.ok(contentText(relay.accepted[0]).endsWith('X: y\r\n\r\n.\r\n..two\r\nx\r\na.b\r\n \ufffd\x01\t\r\n.\r\n'));
  });

  test(`an empty message is a message, ${how}`, async (t) => {
    const relay = await testRelay(t);
    assert.equal(await sendMessage(relay, '.\r\n', bytewise), '250 2.0.0 Ok: queued as id1');
  });
}

test('a command must end in CRLF and contain no control character', async (t) => {
  const client = await introduced(await testRelay(t));
  const fault = '500 5.5.2 Lines end with CR LF and hold no control characters';
  for (const bytes of ['NOOP\n', '\n', 'NOOP\r\r\n', 'NO\0OP\r\n', 'NOOP \x1b[0m\r\n', 'NOOP \x80\r\n']) {
    client.raw(Buffer.from(bytes, 'latin1'));
    assert.equal((await client.reply()).text, fault, JSON.stringify(bytes));
  }
  assert.equal((await client.ask('NOOP')).code, 250);
});

test('unsupported commands are rejected', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { errors: 100 } }));
  for (const command of [
    'WIZ',
    'SHELL',
    'KILL',
    'XCLIENT ADDR=192.0.2.1',
    'XFORWARD NAME=x',
    'LHLO x',
    'TURN',
    'constructor',
    '__proto__',
    '',
  ])
    assert.equal((await client.ask(command)).text, '500 5.5.2 Command not recognized', command);
  assert.deepEqual(await client.dialogue('VRFY root', 'VRFY', 'EXPN list', 'HELP', 'NOOP x', 'noop', 'RSET x', 'QUIT x'), [
    '252 2.1.5 Cannot verify, but will take the message',
    '501 5.5.4 Syntax error in arguments',
    '502 5.5.1 Command not implemented',
    '214 2.0.0 See RFC 5321',
    '250 2.0.0 Ok',
    '250 2.0.0 Ok',
    '501 5.5.4 Syntax error in arguments',
    '501 5.5.4 Syntax error in arguments',
  ]);
});

test('an HTTP client is refused before its body is read', async (t) => {
  const client = await (await testRelay(t)).connect();
  client.raw('POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\nMAIL FROM:<a@b.example>\r\n');
  assert.equal((await client.reply()).code, 220);
  assert.equal((await client.reply()).text, '421 4.7.0 Closing connection');
  await client.over();
  assert.equal(client.unread, '');
});

test('the command sequence is enforced', async (t) => {
  const client = await (await testRelay(t, { limits: { errors: 100 } })).connect();
  await client.reply();
  assert.deepEqual(
    await client.dialogue(
      'MAIL FROM:<>',
      'RCPT TO:<a@example.com>',
      'DATA',
      'EHLO',
      'EHLO a b',
      'HELO x',
      'DATA',
      'MAIL FROM:<>',
      'MAIL FROM:<>',
    ),
    [
      '503 5.5.1 Say EHLO first',
      '503 5.5.1 Bad sequence of commands',
      '503 5.5.1 Bad sequence of commands',
      '501 5.5.4 Syntax error in arguments',
      '501 5.5.4 Syntax error in arguments',
      '250 relay.example.net',
      '503 5.5.1 Bad sequence of commands',
      '250 2.1.0 Sender ok',
      '503 5.5.1 Bad sequence of commands',
    ],
  );
});
