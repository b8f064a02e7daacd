import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { command } from '../kit/cli.ts';
import { found } from '../kit/until.ts';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { askingRelay } from './asked.ts';
import { MESSAGE, queueIdOf, stuffed, submit } from './mail.ts';
import { OPEN, relayFixture } from './site-fixture.ts';

/** What a forger would have become lines of their own: decoded by rules, never on the wire as it is. */
const CONTROLS = 'x\r\nX-Forged: yes\r\n\r\n\u0000\u0007\u001b[2J\u0085\u009b\u2028250 ok';
const encoded = `=?utf-8?B?${Buffer.from(CONTROLS).toString('base64')}?=`;
const forged = MESSAGE.replace('lunch', encoded);

const POLICY = `${OPEN}rules:
  - id: into-everything
    on: data_post
    when: { header.x-reply: { exists: false } }
    then:
      - add_header: { name: X-Copy, value: "\${header.subject}" }
      - replace_header: { name: Comments, value: "\${attachment}\${header.subject}" }
      - set: { subject: "\${header.subject}" }
      - tag: ["\${header.subject}"]
      - log: "saw \${header.subject}"
      - send: { to: guard@example.com, from: relay@example.com, subject: "about \${header.subject}", text: "it said \${header.subject}" }
  - id: into-the-reply
    on: data_post
    when: { header.x-reply: { exists: true } }
    then: { reject: "550 5.7.1 \${header.subject}" }
`;

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

test('a decoded header cannot inject into a reply', async (context) => {
  const { connect } = await relayFixture(context, { policy: POLICY });
  const client = await connect();
  await client.dialogue('MAIL FROM:<ann@example.org>', 'RCPT TO:<bob@example.com>', 'DATA');
  client.raw(stuffed(`X-Reply: 1\r\n${forged}`));
  const { code, lines } = await client.reply();
  assert.equal(code, 550);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^5\.7\.1 x/);
  assert.doesNotMatch(lines[0] ?? '', CONTROL);
  assert.match((await client.ask('NOOP')).text, /^250 2\.0\.0 /);
  assert.equal(client.unread, '');
});

test('a decoded header cannot inject into a header, a log line or generated mail', async (context) => {
  const { connect, hop, site, relay } = await relayFixture(context, {
    policy: POLICY,
    config: 'log: { level: silent, decisions: var/decisions.jsonl }',
  });
  assert.match(await submit(await connect(), { message: forged }), /^250 /);
  const arrived = await hop.arrived(2);
  for (const { content, rcpt } of arrived) {
    const header = content.subarray(0, content.indexOf('\r\n\r\n')).toString();
    assert.doesNotMatch(header.replace(/\r\n/g, ''), /[^\P{Cc}\t]/u, rcpt.join());
    assert.deepEqual(fieldsOf(content, 'X-Forged'), []);
  }
  const relayed = arrived.find((one) => recipientsOf(one).includes('bob@example.com'));
  assert.equal(relayed && fieldsOf(relayed.content, 'X-Copy').length, 1);
  assert.ok(relayed?.content.toString().endsWith('\r\n\r\nAt noon?\r\n'));
  await relay.stop();
  const log = await readFile(join(site.root, 'var/decisions.jsonl'), 'utf8');
  assert.match(log, /saw x/);
  for (const line of log.trimEnd().split('\n')) {
    assert.doesNotMatch(line, CONTROL);
    assert.doesNotMatch(JSON.stringify(JSON.parse(line)), /\\[rntbf]|\\u00[01]/);
  }
});

test('a DNS answer cannot inject anything', async (context) => {
  const zone = { '1.2.0.192.in-addr.arpa': { PTR: ['evil\r\n250-ok.test', 'b\u0000d.test', 'good.test'] } };
  const policy = `${OPEN}rules:\n  - { id: named, on: connect, when: { client.rdns: { exists: true } }, then: { reject: "554 5.7.1 You are \${client.rdns}" } }\n`;
  const { visitor } = await askingRelay(context, zone, { policy });
  const { client, greeting } = await visitor('192.0.2.1');
  assert.equal(greeting, '554 5.7.1 You are good.test');
  assert.equal(client.unread, '');
});

test('a next hop reply cannot inject into DSNs, rules or terminals', async (context) => {
  const rude = '550-5.7.1 no\u001b[2J\u0007\r\n550 5.7.1 \u0000\u0085ever';
  const policy = `version: 1
grants: [{ id: client, when: { client.ip: 127.0.0.1 } }]
rules:
  - { id: tell, on: deferred, then: { log: "\${reply.text}" } }
`;
  const script = (step: string, text: string) => {
    if (step !== 'rcpt') return undefined;
    return text.includes('gone') ? rude : text.includes('later') ? rude.replaceAll('550', '450').replaceAll('5.7.1', '4.7.1') : undefined;
  };
  const { connect, hop, site } = await relayFixture(context, { policy, hop: { script } });
  const client = await connect();
  assert.match(await submit(client, { to: ['gone@example.com'] }), /^250 /);
  const [notice] = await hop.arrived(1);
  assert.match(notice?.content.toString() ?? '', /Diagnostic-Code: smtp; 550-5\.7\.1 no/);
  assert.doesNotMatch(notice?.content.toString().replace(/\r\n/g, '') ?? '', /[^\P{Cc}\t]/u);
  const id = queueIdOf(await submit(client, { to: ['later@example.com'] }));
  const shown = async (): Promise<string | null> => {
    const { out: text } = await command('queue', 'show', id, '-c', site.config);
    return text.includes('1 attempts') ? text : null;
  };
  const out = await found(shown, 'the first attempt');
  assert.match(out, /450 4\.7\.1 no.*ever/);
  assert.doesNotMatch(out, /[^\P{Cc}\n\t]/u);
});
