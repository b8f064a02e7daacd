import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { found } from '../kit/until.ts';
import { recipientsOf } from './arrivals.ts';
import { MESSAGE, submit } from './mail.ts';
import { type RelayFixture, relayFixture } from './site-fixture.ts';

const GRANTS = `version: 1
lists: { people: { type: address, values: [bob@example.com, ann@example.com] } }
grants: [{ id: inbound, when: { recipient.address: { in: people } } }]
rules:
`;

const withRule = (context: TestContext, ...rules: readonly string[]): Promise<RelayFixture> =>
  relayFixture(context, { policy: `${GRANTS}${rules.map((rule) => `  - ${rule}\n`).join('')}` });

const COPY = '{ id: copy, on: data_post, when: { header.x-copy-to: { exists: true } }, then: { add_recipient: "${header.x-copy-to}" } }';

/** Recipients of the one message that arrives for a header of this text. */
const arrivedFor = async ({ connect, hop }: RelayFixture, text: string): Promise<readonly string[]> => {
  const before = hop.received.length;
  assert.match(await submit(await connect(), { message: `X-Copy-To: ${text}\r\n${MESSAGE}` }), /^250 /, text);
  await hop.arrived(before + 1);
  return hop.received.slice(before).flatMap(recipientsOf).sort();
};

test('add_recipient from a header adds only recipients with a grant', async (context) => {
  const fixture = await withRule(context, COPY);
  assert.deepEqual(await arrivedFor(fixture, 'ann@example.com'), ['ann@example.com', 'bob@example.com']);
  const refused = fixture.log.lines.filter(({ msg }) => msg === 'recipient not added, no grant');
  assert.equal(refused.length, 0);
  assert.deepEqual(await arrivedFor(fixture, 'victim@other.example'), ['bob@example.com']);
  const line = fixture.log.lines.find(({ msg }) => msg === 'recipient not added, no grant');
  assert.deepEqual([line?.rule, line?.recipient], ['10-policy/copy', 'victim@other.example']);
});

/** What a header may hold beside one mailbox. */
const WIDENED = [
  'ann@example.com, victim@other.example',
  'victim@other.example, ann@example.com',
  'victim@other.example (ann@example.com)',
  'ann@example.com (victim@other.example)',
  '"ann@example.com" <victim@other.example>',
  'Ann <ann@example.com>',
  '<victim@other.example>',
  '=?utf-8?q?ann=40example.com=2C_victim=40other.example?=',
  '=?utf-8?q?victim=40other.example?=',
  '@example.com:victim@other.example',
  'victim%other.example@relay.example.com',
  'other.example!victim@relay.example.com',
  '"victim@other.example"@relay.example.com',
  '"ann@example.com,victim"@other.example',
  'victim@other.example\r\n ann@example.com',
  'ann@example.com\u00a0victim@other.example',
  'victim@[192.0.2.1]',
  'group: victim@other.example;',
  '',
];

test('address lists, names, comments, encoded words, routes and hacks gain no extra access', async (context) => {
  const fixture = await withRule(context, COPY);
  for (const text of WIDENED) assert.deepEqual(await arrivedFor(fixture, text), ['bob@example.com'], text);
});

test('two header fields yield no address; a literal address in the rule does', async (context) => {
  const fixture = await withRule(
    context,
    COPY,
    '{ id: archive, on: data_post, when: { header.x-archive: { exists: true } }, then: { add_recipient: [archive@else.example, "${header.x-archive}"] } }',
  );
  assert.deepEqual(await arrivedFor(fixture, 'ann@example.com\r\nX-Copy-To: victim@other.example'), ['bob@example.com']);
  assert.deepEqual(await arrivedFor(fixture, 'x\r\nX-Archive: victim@other.example'), ['archive@else.example', 'bob@example.com']);
  assert.deepEqual(await arrivedFor(fixture, 'x\r\nX-Archive: archive@else.example'), ['archive@else.example', 'bob@example.com']);
});

test('an address passed through a result still needs a grant', async (context) => {
  const fixture = await withRule(
    context,
    '{ id: keep, on: data_post, then: { set: { copy: "${header.x-copy-to}" } } }',
    '{ id: copy, on: queue, then: { add_recipient: "${result.copy}" } }',
  );
  assert.deepEqual(await arrivedFor(fixture, 'victim@other.example'), ['bob@example.com']);
  assert.deepEqual(await arrivedFor(fixture, 'ann@example.com'), ['ann@example.com', 'bob@example.com']);
});

for (const action of ['redirect_to', 'rewrite_recipient']) {
  test(`${action} from a header refuses the message where no grant holds`, async (context) => {
    const { connect, hop } = await withRule(context, `{ id: there, on: data_post, then: { ${action}: "\${header.x-there}" } }`);
    const answer = async (there: string): Promise<string> => submit(await connect(), { message: `X-There: ${there}\r\n${MESSAGE}` });
    assert.match(await answer('victim@other.example'), /^550 5\.7\.1 Relay access denied/);
    assert.match(await answer('ann@example.com, victim@other.example'), /^451 4\.3\.0/);
    assert.match(await answer('ann@example.com'), /^250 /);
    assert.deepEqual((await hop.arrived(1)).flatMap(recipientsOf), ['ann@example.com']);
  });
}

test('a grant that is unknown is 451 for the message', async (context) => {
  const policy = `version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
  - { id: named, when: { recipient.domain: named.example, client.rdns: { exists: true } } }
rules:
  - { id: copy, on: data_post, then: { add_recipient: "\${header.x-copy-to}" } }
`;
  const { connect } = await relayFixture(context, { policy });
  const answer = async (to: string): Promise<string> => submit(await connect(), { message: `X-Copy-To: ${to}\r\n${MESSAGE}` });
  assert.match(await answer('x@named.example'), /^451 4\.3\.0/);
  assert.match(await answer('x@other.example'), /^250 /);
});

test('an address built from an unknown fact is 451', async (context) => {
  const { connect } = await withRule(context, '{ id: copy, on: data_post, then: { add_recipient: "${client.rdns}@example.com" } }');
  assert.match(await submit(await connect()), /^451 /);
});

test('results taken from the message cannot satisfy a grant', async (context) => {
  const policy = `version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
  - { id: trusted, when: { result.trust: "yes" } }
rules:
  - { id: believe, on: data_post, then: { set: { trust: "\${header.x-trust}" } } }
  - { id: copy, on: queue, then: { add_recipient: "\${header.x-copy-to}" } }
`;
  const { connect, hop } = await relayFixture(context, { policy });
  const message = `X-Trust: yes\r\nX-Copy-To: victim@other.example\r\n${MESSAGE}`;
  assert.match(await submit(await connect(), { message }), /^250 /);
  assert.deepEqual((await hop.arrived(1)).flatMap(recipientsOf), ['bob@example.com']);
});

test('send uses only literal addresses or those with a grant, as recipient and as sender', async (context) => {
  const send = (to: string, from: string): string => `{ send: { to: ${to}, from: ${from}, subject: s, text: t } }`;
  const fixture = await withRule(
    context,
    `{ id: one, on: data_post, then: ${send('"${header.x-copy-to}"', 'relay@example.com')} }`,
    `{ id: two, on: data_post, then: ${send('[archive@else.example, "${header.x-copy-to}"]', 'relay@example.com')} }`,
    `{ id: three, on: data_post, then: ${send('archive@else.example', '"${header.x-copy-to}"')} }`,
    `{ id: four, on: delivered, then: ${send('"${recipient.address}"', 'relay@example.com')}, when: { recipient.local: ann } }`,
    `{ id: five, on: delivered, then: ${send('"${recipient.local}@other.example"', 'relay@example.com')} }`,
  );
  const { connect, hop, relay, log } = fixture;
  const sent = async (to: string): Promise<readonly string[]> => {
    const before = hop.received.length;
    assert.match(await submit(await connect(), { message: `X-Copy-To: ${to}\r\n${MESSAGE}` }), /^250 /);
    await hop.arrived(before + 1);
    await found(async () => ((await relay.status()).queue.queued === 0 ? true : null), 'an empty queue');
    return hop.received
      .slice(before)
      .map((one) => recipientsOf(one).join('+'))
      .sort();
  };
  assert.deepEqual(await sent('victim@other.example'), ['archive@else.example', 'bob@example.com']);
  assert.deepEqual(
    await sent('ann@example.com'),
    ['ann@example.com', 'archive@else.example', 'archive@else.example+ann@example.com', 'bob@example.com'].sort(),
  );
  assert.ok(log.lines.some(({ msg, rule }) => msg === 'rule mail not sent' && rule === '10-policy/five'));
});

const grantedIf = (condition: string): string => `version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
  - { id: more, ${condition} }
rules:
`;

test('a sender taken from the message satisfies no grant, on receipt or on delivery', async (context) => {
  const policy = `${grantedIf('when: { sender.domain: example.com, client.ip: 127.0.0.0/8 }')}
  - { id: author, on: data_post, then: { rewrite_sender: "\${header.x-author}" } }
  - { id: copy, on: queue, then: { add_recipient: "\${header.x-copy-to}", set: { copy: "\${header.x-copy-to}" } } }
  - { id: tell, on: delivered, then: { send: { to: "\${result.copy}", from: relay@example.com, subject: s, text: t } } }
`;
  const { connect, hop, log } = await relayFixture(context, { policy });
  const message = `X-Author: ann@example.com\r\nX-Copy-To: victim@other.example\r\n${MESSAGE}`;
  assert.match(await submit(await connect(), { from: 'x@stranger.example', message }), /^250 /);
  assert.deepEqual((await hop.arrived(1)).flatMap(recipientsOf), ['bob@example.com']);
  await found(() => log.lines.find(({ msg }) => msg === 'rule mail not sent') ?? null, 'the mail that is not sent');
});

const EXCEPTIONS = [
  '{ sender.null: true }',
  '{ sender.domain: stranger.example }',
  '{ helo.verb: EHLO }',
  '{ message.declared_size: { gt: 1 } }',
  '{ server.port: { gt: 1 } }',
  '{ connection.id: { exists: true } }',
  '{ tls.active: false }',
  '{ time.hour: { gte: 0 } }',
  '{ recipient.index: { gte: 0 } }',
];

for (const exception of EXCEPTIONS) {
  test(`an exception of a grant, ${exception}, holds wherever mail is sent from`, async (context) => {
    const policy = `${grantedIf(`when: { recipient.domain: more.example }, unless: [${exception}]`)}${[
      'helo',
      'mail',
      'data_post',
      'delivered',
    ]
      .map(
        (hook) =>
          `  - { id: ${hook.replace('_', '-')}, on: ${hook}, then: { send: { to: "victim@\${helo.name}", from: relay@example.com, subject: s, text: t } } }\n`,
      )
      .join('')}`;
    const { connect, hop, log } = await relayFixture(context, { policy });
    const sender = exception.includes('null') ? '' : 'x@stranger.example';
    assert.match(await submit(await connect('more.example'), { from: sender, parameters: ' SIZE=100' }), /^250 /);
    const refusals = sender === '' ? 3 : 4;
    await found(() => (log.lines.filter(({ msg }) => msg === 'rule mail not sent').length >= refusals ? true : null), 'refusals');
    assert.deepEqual((await hop.arrived(1)).flatMap(recipientsOf), ['bob@example.com']);
  });
}
