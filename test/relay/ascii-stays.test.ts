import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Received } from '../kit/next-hop.ts';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { submit } from './mail.ts';
import { type RelayFixture, relayFixture } from './site-fixture.ts';

/* A message in ASCII whose addresses need no SMTPUTF8 never comes to need it by what we add: a next hop that offers nothing takes it. */

const POLICY = `version: 1
grants: [{ id: all, when: { recipient.domain: { in: ["bücher.example", "example.com", "münchen.example"] } } }]
rules:
  - { id: to, on: rcpt, when: { recipient.address: { starts_with: moved } }, then: { rewrite_recipient: "moved@münchen.example" } }
  - { id: from, on: mail, when: { sender.address: { starts_with: moved } }, then: { rewrite_sender: "moved@münchen.example" } }
  - { id: copy, on: data_post, when: { header.x-copy: { exists: true } }, then: { add_recipient: "copy@münchen.example" } }
  - { id: note, on: data_post, then: { add_header: { name: X-Note, value: "for \${recipients} from \${sender.address}" } } }
  - { id: send, on: data_post, when: { header.x-send: { exists: true } }, then: { send: { to: "guard@münchen.example", from: "relay@bücher.example", subject: hello, text: hello } } }
`;

const start = (context: Parameters<typeof relayFixture>[0]): Promise<RelayFixture> =>
  relayFixture(context, {
    policy: POLICY,
    hop: {
      offers: ['PIPELINING', 'DSN', 'SIZE 0'],
      script: (step, text) => (step === 'rcpt' && text.includes('bounce') ? '550 5.1.1 No' : undefined),
    },
  });

const MESSAGE = 'From: a@example.org\r\nTo: b@example.com\r\nSubject: lunch\r\n\r\nAt noon?\r\n';

const isPlain = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

const assertPlain = (received: Received, why: string): void => {
  assert.ok(isPlain(received.content.toString('latin1')), `${why}\n${received.content}`);
  assert.ok(isPlain([received.mail, ...received.rcpt].join(' ')), `${why}\n${received.mail} ${received.rcpt}`);
};

test('a single recipient appears in Received with A-labels', async (context) => {
  const { connect, hop } = await start(context);
  const reply = await submit(await connect(), {
    from: 'a@bücher.example',
    to: ['o@bücher.example'],
    parameters: ' SMTPUTF8',
    message: MESSAGE,
  });
  assert.match(reply, /^250 /);
  const [arrived] = await hop.arrived(1);
  assert.ok(arrived);
  assert.match(fieldsOf(arrived.content, 'Received')[0] ?? '', /\bfor <o@xn--bcher-kva\.example>/);
  assert.deepEqual(recipientsOf(arrived), ['o@xn--bcher-kva.example']);
  assertPlain(arrived, 'sole recipient');
});

test('fields added by the relay never require SMTPUTF8', async (context) => {
  const { connect, hop } = await start(context);
  const local = fc.constantFrom('a', 'moved', 'bounce', '"x y"', "o'neil");
  const domain = fc.constantFrom('example.com', 'bücher.example', 'BÜCHER.example', 'münchen.example');
  const address = fc.tuple(local, domain).map((parts) => parts.join('@'));
  const mail = fc.record({
    from: address,
    to: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }),
    header: fc.constantFrom('', 'X-Copy: 1\r\n', 'X-Send: 1\r\n'),
    orcpt: fc.constantFrom('', ' ORCPT=utf-8;o@bücher.example', ' NOTIFY=FAILURE,SUCCESS'),
  });
  await fc.assert(
    fc.asyncProperty(mail, async ({ from, to, header, orcpt }) => {
      const client = await connect();
      await client.ask(`MAIL FROM:<${from}> SMTPUTF8`);
      for (const one of to) assert.match((await client.ask(`RCPT TO:<${one}>${orcpt}`)).text, /^250 /, one);
      await client.ask('DATA');
      client.raw(`${header}${MESSAGE}.\r\n`);
      assert.match((await client.reply()).text, /^250 /);
      client.destroy();
    }),
    { numRuns: 40 },
  );
  await context.test('everything delivered is ASCII, reports included', async () => {
    await hop.arrived(40);
    for (const received of hop.received) assertPlain(received, recipientsOf(received).join());
    assert.ok(hop.received.some(({ content }) => content.includes('multipart/report')));
  });
});
