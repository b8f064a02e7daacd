import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Concessions, NO_CONCESSIONS } from '../../src/transaction/concessions.ts';
import { contentText, introduced, testRelay } from './relay.ts';

const conceding = (some: Partial<Concessions>) => ({ concessions: () => ({ ...NO_CONCESSIONS, ...some }) });

const ALL = conceding({ bareAddresses: true, looseHelo: true, bareLf: true, encodeHeaders: true });

/** One line on its own, as a strict relay answers it and as one that concedes everything does. */
const LINES: readonly (readonly [string, number, number])[] = [
  ['MAIL FROM:a@x.example', 501, 250],
  ['MAIL FROM: a@x.example SIZE=10', 501, 250],
  ['MAIL FROM:"a b"@x.example', 501, 501],
  ['MAIL FROM:a@x.example>', 501, 501],
  ['MAIL FROM:<a@x.example', 501, 501],
  ['MAIL FROM:Ann <a@x.example>', 501, 501],
  ['MAIL FROM:', 501, 501],
  ['MAIL FROM:a', 501, 501],
  ['MAIL FROM:<a@x.example>', 250, 250],
  ['EHLO my printer', 501, 250],
  ['HELO two  words here', 501, 250],
  ['EHLO', 501, 501],
  ['EHLO under_score', 250, 250],
  ['EHLO 192.0.2.1', 250, 250],
];

for (const [line, strict, loose] of LINES)
  test(`with and without the concession: ${line}`, async (t) => {
    const codes: number[] = [];
    for (const options of [{}, ALL]) codes.push((await (await introduced(await testRelay(t, options))).ask(line)).code);
    assert.deepEqual(codes, [strict, loose]);
  });

test('RCPT without brackets; Received has the first word of HELO, helo.name all', async (t) => {
  const policy = `
version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: seen, on: data_post, when: { helo.name: { starts_with: "my " } }, then: { add_header: { name: X-Seen, value: "yes" } } }
`;
  const relay = await testRelay(t, { ...ALL, policy });
  const client = await introduced(relay);
  await client.dialogue('EHLO my printer', 'MAIL FROM:a@x.example', 'RCPT TO:ann@example.com NOTIFY=NEVER', 'DATA');
  client.send('Subject: x', '', 'x', '.');
  assert.equal((await client.reply()).code, 250);
  assert.match(contentText(relay.accepted[0]), /^Received: from my \(/);
  assert.match(contentText(relay.accepted[0]), /X-Seen: yes/);
  assert.deepEqual(relay.accepted[0]?.recipients[0]?.address, 'ann@example.com');
});

const BARE = conceding({ bareLf: true });

/** What a client sends behind the reply to DATA, or as BDAT, and what the relay makes of it; `null`: it is not over yet. */
const CONTENT: readonly (readonly [name: string, ends: string, sent: string, body: string | null])[] = [
  ['all lines end in LF', '\n', 'Subject: x\n\na\n..b\n.c\nd\n.\n', 'a\r\n.b\r\nc\r\nd\r\n'],
  ['commands in CR LF, the message in LF', '\r\n', 'Subject: x\n\na\n\n.\r\nb\r\n.\r\n', 'a\r\n\r\n.\r\nb\r\n'],
  [
    'a lone dot between line feeds is no end for a client that says CR LF',
    '\r\n',
    'Subject: x\n\na\n.\nMAIL FROM:<>\n\r\n.\r\n',
    'a\r\n.\r\nMAIL FROM:<>\r\n\r\n',
  ],
  ['a mixture', '\r\n', 'Subject: x\r\n\na\r\nb\nc\r\n.\r\n', 'a\r\nb\r\nc\r\n'],
  ['no end yet', '\r\n', 'Subject: x\n\na\n.\n', null],
  ['no end yet, CR LF and a dot and LF', '\r\n', 'Subject: x\n\na\r\n.\n', null],
];

for (const pieces of [1, 1000])
  for (const [name, end, sent, body] of CONTENT)
    test(`bare line feeds with the concession: ${name}; in pieces of ${pieces}`, async (t) => {
      const relay = await testRelay(t, BARE);
      const client = await introduced(relay);
      for (const line of ['MAIL FROM:<a@x.example>', 'RCPT TO:<ann@example.com>', 'DATA']) {
        client.raw(`${line}${end}`);
        assert.ok((await client.reply()).code < 400);
      }
      for (let at = 0; at < sent.length; at += pieces) client.raw(sent.slice(at, at + pieces));
      if (body === null) {
        client.raw('more\r\n.\r\n');
        assert.equal((await client.reply()).code, 250);
        assert.match(contentText(relay.accepted[0]), /\r\n\.\r\nmore\r\n$/);
        return;
      }
      assert.equal((await client.reply()).code, 250);
      assert.equal(relay.accepted.length, 1);
      assert.ok(contentText(relay.accepted[0]).endsWith(`\r\n\r\n${body}`), JSON.stringify(contentText(relay.accepted[0])));
      assert.equal((await client.ask('NOOP')).code, 250);
    });

test('a bare CR or NUL stays an error; BDAT is fixed too; strangers get no concession', async (t) => {
  const send = async (some: Partial<Concessions>, message: string, bdat: boolean): Promise<number> => {
    const client = await introduced(await testRelay(t, conceding(some)));
    await client.dialogue('MAIL FROM:<a@x.example>', 'RCPT TO:<ann@example.com>');
    if (!bdat) await client.ask('DATA');
    client.raw(bdat ? `BDAT ${message.length} LAST\r\n${message}` : `${message}\r\n.\r\n`);
    return (await client.reply()).code;
  };
  for (const bdat of [true, false]) {
    assert.equal(await send({ bareLf: true }, 'Subject: x\n\na\n', bdat), 250);
    assert.equal(await send({}, 'Subject: x\n\na\n', bdat), 550);
    assert.equal(await send({ bareLf: true }, 'Subject: x\n\na\rb', bdat), 550);
    assert.equal(await send({ bareLf: true }, 'Subject: x\n\na\0b', bdat), 550);
  }
});

test('with the concession, 8-bit headers are encoded before rules run; signed and SMTPUTF8 mail is unchanged', async (t) => {
  const arrived = async (options: object, mail: string, header: string): Promise<string> => {
    const relay = await testRelay(t, options);
    const client = await introduced(relay);
    await client.dialogue(mail, 'RCPT TO:<ann@example.com>', 'DATA');
    client.send(header, '', 'x', '.');
    assert.equal((await client.reply()).code, 250);
    return contentText(relay.accepted[0]);
  };
  const MAIL = 'MAIL FROM:<a@x.example>';
  assert.match(await arrived(ALL, MAIL, 'Subject: fünf'), /Subject: =\?utf-8\?Q\?f=C3=BCnf\?=\r\n/);
  for (const [options, mail, header] of [
    [{}, MAIL, 'Subject: fünf'],
    [ALL, `${MAIL} SMTPUTF8`, 'Subject: fünf'],
    [ALL, MAIL, 'DKIM-Signature: v=1\r\nSubject: fünf'],
    [ALL, MAIL, 'Subject: fünf\r\nTo: ü@x.example'],
  ] as const)
    assert.match(await arrived(options, mail, header), /Subject: fünf\r\n/);
});
