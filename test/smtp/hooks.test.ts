import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { contentText, introduced, OPEN_DOMAIN, submit, type TestRelay, testRelay } from './relay.ts';

const withRules = (t: TestContext, ...rules: readonly string[]): Promise<TestRelay> =>
  testRelay(t, { policy: `${OPEN_DOMAIN}rules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}` });

const MESSAGE = 'From: a@b.example\r\nSubject: hello\r\n\r\nbody';

/** Goes on until the hook has spoken: the first reply that is no success, or the last. */
const untilRefused = async (client: SmtpClient): Promise<string> => {
  const greeting = await client.reply();
  if (greeting.code >= 400) return greeting.text;
  const ehlo = await client.ask('EHLO client.example.org');
  return ehlo.code >= 400 ? ehlo.text : submit(client, MESSAGE);
};

const HOOKS = ['connect_init', 'lookup_rdns', 'connect', 'helo', 'mail', 'rcpt', 'data', 'data_post', 'queue'] as const;

for (const hook of HOOKS) {
  test(`${hook}: reject, defer, disconnect`, async (t) => {
    for (const [then, expected, isOver] of [
      ['{ reject: "550 5.7.1 no" }', '550 5.7.1 no', false],
      ['{ defer: "450 4.7.1 later" }', '450 4.7.1 later', false],
      ['{ reject: "550 5.7.1 no", disconnect: true }', '550 5.7.1 no', true],
      ['{ defer: "421 4.7.0 later" }', '421 4.7.0 later', true],
      ['{ disconnect: true }', '421 4.7.0 Closing connection', true],
    ] as const) {
      const relay = await withRules(t, `{ id: r, on: ${hook}, then: ${then} }`);
      const client = await relay.connect();
      assert.equal(await untilRefused(client), expected);
      if (isOver) await client.over();
      else assert.equal((await client.ask('QUIT')).code, 221);
      assert.equal(relay.accepted.length, 0);
      assert.deepEqual(
        relay.decisions.filter(({ verdict }) => verdict !== 'accept').map(({ hook: at, by, policy }) => [at, by, policy]),
        [[hook, 'p/r', 'test']],
      );
    }
  });

  test(`${hook}: accept ends the hook and grants nothing`, async (t) => {
    const relay = await withRules(t, `{ id: r, on: ${hook}, then: accept }`, `{ id: s, on: ${hook}, then: { reject: "550 5.7.1 no" } }`);
    const client = await introduced(relay);
    assert.equal(await submit(client, MESSAGE, 'a@elsewhere.example'), '550 5.7.1 Relay access denied');
    assert.equal((await client.ask('RSET')).code, 250);
    assert.equal(await submit(client, MESSAGE), '250 2.0.0 Ok: queued as id1');
  });
}

test('after a 554 greeting only QUIT is accepted', async (t) => {
  const client = await (await withRules(t, '{ id: r, on: connect, then: { reject: "554 5.7.1 no" } }')).connect();
  await client.reply();
  assert.deepEqual(await client.dialogue('EHLO x.example', 'MAIL FROM:<>', 'QUIT'), [
    '503 5.5.1 Bad sequence of commands',
    '503 5.5.1 Bad sequence of commands',
    '221 2.0.0 Bye',
  ]);
});

test('a client refused at helo has not completed HELO', async (t) => {
  const relay = await withRules(t, '{ id: r, on: helo, when: { helo.name: bad.example }, then: { reject: "550 5.7.1 no" } }');
  const client = await relay.connect();
  await client.reply();
  assert.deepEqual(await client.dialogue('EHLO bad.example', 'MAIL FROM:<>', 'HELO good.example', 'MAIL FROM:<>'), [
    '550 5.7.1 no',
    '503 5.5.1 Say EHLO first',
    '250 relay.example.net',
    '250 2.1.0 Sender ok',
  ]);
});

test('data is evaluated before 354', async (t) => {
  const relay = await withRules(t, '{ id: r, on: data, when: { recipients.count: { gt: 1 } }, then: { reject: "550 5.7.1 too many" } }');
  const client = await introduced(relay);
  const replies = await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA', 'DATA');
  assert.deepEqual(replies.slice(3), ['550 5.7.1 too many', '503 5.5.1 Bad sequence of commands']);
});

for (const hook of ['data_post', 'queue'] as const) {
  test(`${hook}: discard and quarantine are answered 250`, async (t) => {
    const relay = await withRules(
      t,
      `{ id: d, on: ${hook}, when: { header.subject: drop }, then: discard }`,
      `{ id: q, on: ${hook}, when: { header.subject: keep }, then: { quarantine: { reason: odd } } }`,
    );
    const client = await introduced(relay);
    assert.equal(await submit(client, 'Subject: drop\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
    assert.equal(await submit(client, 'Subject: keep\r\n\r\n'), '250 2.0.0 Ok: queued as id2');
    assert.deepEqual(
      relay.accepted.map(({ id, state, reason }) => [id, state, reason]),
      [['id2', 'quarantined', 'odd']],
    );
  });

  test(`${hook}: edits the message and its envelope`, async (t) => {
    const relay = await withRules(
      t,
      `{ id: a, on: ${hook}, then: { add_header: { name: X-Seen, value: "by \${client.ip}" }, remove_header: X-Secret } }`,
      `{ id: b, on: ${hook}, when: { header.x-seen: { exists: true }, header.x-secret: { exists: false } }, then: { add_recipient: copy@archive.example } }`,
    );
    const client = await introduced(relay);
    assert.equal(await submit(client, 'X-Secret: s\r\nSubject: x\r\n\r\nbody'), '250 2.0.0 Ok: queued as id1');
    assert.match(contentText(relay.accepted[0]), /\+0000\r\nSubject: x\r\nX-Seen: by 127\.0\.0\.1\r\n\r\nbody\r\n$/);
  });

  test(`${hook}: redirects`, async (t) => {
    const relay = await withRules(t, `{ id: a, on: ${hook}, then: { redirect_to: [one@else.example, two@else.example] } }`);
    await submit(await introduced(relay), MESSAGE);
    assert.deepEqual(relay.accepted[0]?.recipients, [
      { address: 'one@else.example', grant: 'p/a' },
      { address: 'two@else.example', grant: 'p/a' },
    ]);
  });
}

test('queue sees the header as data_post left it', async (t) => {
  const relay = await withRules(
    t,
    '{ id: a, on: data_post, then: { replace_header: { name: Subject, value: changed } } }',
    '{ id: b, on: queue, when: { header.subject: changed }, then: { add_recipient: copy@archive.example } }',
  );
  await submit(await introduced(relay), MESSAGE);
  assert.deepEqual(
    relay.accepted[0]?.recipients.map(({ address }) => address),
    ['rcpt@example.com', 'copy@archive.example'],
  );
});

test('a rewritten recipient needs a grant of its own', async (t) => {
  const relay = await withRules(
    t,
    '{ id: in, on: rcpt, when: { recipient.local: alias }, then: { rewrite_recipient: real@example.com } }',
    '{ id: out, on: rcpt, when: { recipient.local: leak }, then: { rewrite_recipient: x@elsewhere.example } }',
  );
  const client = await introduced(relay);
  assert.deepEqual(await client.dialogue('MAIL FROM:<>', 'RCPT TO:<alias@example.com>', 'RCPT TO:<leak@example.com>'), [
    '250 2.1.0 Sender ok',
    '250 2.1.5 Recipient ok',
    '550 5.7.1 Relay access denied',
  ]);
  await client.ask('DATA');
  client.raw('.\r\n');
  await client.reply();
  assert.deepEqual(
    relay.accepted[0]?.recipients.map(({ address }) => address),
    ['real@example.com'],
  );
});

test('a recipient rewritten at data_post needs a grant, too', async (t) => {
  const relay = await withRules(t, '{ id: out, on: data_post, then: { rewrite_recipient: x@elsewhere.example } }');
  assert.equal(await submit(await introduced(relay), MESSAGE), '550 5.7.1 Relay access denied');
  assert.equal(relay.accepted.length, 0);
});

test('rewrites the sender at mail and at data_post', async (t) => {
  for (const hook of ['mail', 'data_post']) {
    const relay = await withRules(t, `{ id: s, on: ${hook}, then: { rewrite_sender: new@sender.example } }`);
    await submit(await introduced(relay), MESSAGE);
    assert.equal(relay.accepted[0]?.envelope.sender, 'new@sender.example');
  }
});

test('a template that yields no address is a local error', async (t) => {
  const relay = await withRules(t, '{ id: s, on: data_post, then: { rewrite_sender: "${helo.name} @x" } }');
  assert.equal(await submit(await introduced(relay), MESSAGE), '451 4.3.0 Local problem, try again later');
});

test('tarpit delays and continues; a client that leaves ends it', async (t) => {
  const relay = await withRules(t, '{ id: s, on: mail, then: { tarpit: 300ms } }');
  const client = await introduced(relay);
  const start = Date.now();
  assert.equal((await client.ask('MAIL FROM:<>')).code, 250);
  assert.ok(Date.now() - start >= 290);
  const leaver = await introduced(relay);
  leaver.send('MAIL FROM:<>');
  leaver.destroy();
});

test('the reset and disconnect hooks run with the facts of the session', async (t) => {
  const relay = await withRules(
    t,
    '{ id: s, on: reset, then: { log: "reset ${sender.address}" } }',
    '{ id: d, on: disconnect, then: { log: "gone ${helo.name}" } }',
  );
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<a@b.example>', 'RSET', 'MAIL FROM:<c@d.example>');
  client.destroy();
  await until(() => relay.decisions.length === 3, 'all decisions');
  assert.deepEqual(
    relay.decisions.flatMap(({ effects = [] }) => effects.map((effect) => (effect.effect === 'log' ? effect.text : effect.effect))),
    ['reset a@b.example', 'reset c@d.example', 'gone client.example.org'],
  );
});

test('send queues generated mail', async (t) => {
  const relay = await withRules(
    t,
    '{ id: s, on: mail, then: { send: { to: ops@example.com, from: relay@example.com, subject: hi, text: there } } }',
  );
  await (await introduced(relay)).ask('MAIL FROM:<>');
  assert.deepEqual(
    relay.sent.map(({ to, subject }) => [to, subject]),
    [[['ops@example.com'], 'hi']],
  );
});

for (const hook of ['mail', 'rcpt', 'data_post']) {
  test(`${hook}: rewrite_sender changes the envelope`, async (t) => {
    const relay = await withRules(t, `{ id: r, on: ${hook}, then: { rewrite_sender: "bounces@example.org" } }`);
    assert.equal(await submit(await introduced(relay), MESSAGE), '250 2.0.0 Ok: queued as id1');
    assert.equal(relay.accepted[0]?.envelope.sender, 'bounces@example.org');
  });
}
