import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simpleParser } from 'mailparser';
import { BROKEN_MESSAGES } from '../kit/broken-messages.ts';
import { rsaKeyPair } from '../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../kit/dkim-result.ts';
import { DnsServer, type Zone } from '../kit/dns-server.ts';
import { naivelySigned } from '../lookup/dkim/naive.ts';
import { askingRelay } from './asked.ts';
import { envelope, submit } from './mail.ts';
import { OPEN, relayFixture } from './site-fixture.ts';

const key = rsaKeyPair();
const SIGN = '{ id: sign, on: queue, then: { sign_dkim: { domain: example.org, selector: s1, key: config/dkim.pem } } }';
const SEEN =
  '{ id: seen, on: data_post, when: { header.subject: { exists: true } }, then: { add_header: { name: X-Seen, value: "<${header.subject}>" } } }';
const EDIT = '{ id: edit, on: queue, then: { replace_header: { name: Subject, value: "[EXT] hello" } } }';
const ZONE: Zone = {
  's1._domainkey.example.org': { TXT: [textRecord(key.record)] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject'] },
};
const policy = (...rules: readonly string[]): string => `${OPEN}rules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`;

for (const [how, rules] of [
  ['untouched', [SEEN, SIGN]],
  ['edited', [SEEN, EDIT, SIGN]],
] as const) {
  test(`every broken message, ${how}, is evaluated, signed and sent as one`, async (context) => {
    const server = await DnsServer.start(ZONE);
    context.after(() => server.close());
    const { connect, hop } = await relayFixture(context, { policy: policy(...rules), files: { 'config/dkim.pem': key.pem } });
    const client = await connect();
    let sent = 0;
    for (const [name, text] of Object.entries(BROKEN_MESSAGES)) {
      const reply = await submit(client, { parameters: ' BODY=8BITMIME', message: Buffer.from(text, 'latin1') });
      assert.match(reply, /^250 2\.0\.0 /, name);
      const arrived = (await hop.arrived(++sent))[sent - 1]?.content ?? Buffer.alloc(0);
      assert.equal((await dkimOf(server, arrived)).result, 'pass', `${name}: ${arrived.toString('latin1')}`);
      const { headerLines } = await simpleParser(arrived);
      const values = (field: string): readonly string[] =>
        headerLines.filter(({ key: found }) => found === field).map(({ line }) => line.slice(line.indexOf(':') + 1).replace(/\s/g, ''));
      const [seen] = values('x-seen');
      assert.equal(values('subject').length > 0, seen !== undefined || how === 'edited', name);
      if (seen !== undefined && how === 'untouched' && !/[^\0-\x7f]/.test(text))
        assert.equal(seen, `<${values('subject').join(',')}>`, name);
    }
  });
}

test('a BDAT message that ends anywhere still verifies once sent', async (context) => {
  const server = await DnsServer.start(ZONE);
  context.after(() => server.close());
  const { connect, hop } = await relayFixture(context, { policy: policy(SIGN), files: { 'config/dkim.pem': key.pem } });
  const whole = 'From: a@example.org\r\nSubject: hi\r\n\r\nbody \r\n \r\nend';
  for (let length = 1; length <= whole.length; length += 3) {
    const client = await connect();
    await envelope(client, {});
    client.raw(Buffer.from(`BDAT ${length} LAST\r\n${whole.slice(0, length)}`));
    const reply = (await client.reply()).text;
    if (/\r$/.test(whole.slice(0, length))) continue;
    assert.match(reply, /^250 /, `${length}`);
    client.destroy();
  }
  const count = Array.from({ length: Math.ceil(whole.length / 3) }, (_, index) => whole.slice(0, 1 + index * 3)).filter(
    (text) => !/\r$/.test(text),
  ).length;
  for (const { content } of await hop.arrived(count))
    assert.equal((await dkimOf(server, content)).result, 'pass', JSON.stringify(content.toString('latin1')));
});

test('a message that is a header alone is evaluated by its signature, and passes DMARC', async (context) => {
  const DMARC = '{ id: dmarc, on: data_post, when: { dmarc.result: fail }, then: { reject: "550 5.7.26 no" } }';
  const DKIM = '{ id: dkim, on: data_post, when: { dkim.result: pass }, then: { add_header: { name: X-Dkim, value: pass } } }';
  const { visitor, hop } = await askingRelay(context, ZONE, { policy: policy(DMARC, DKIM) });
  const { client } = await visitor('192.0.2.1');
  await client.ask('EHLO client.example.org');
  const header = 'From: a@example.org\r\nSubject: hi\r\n';
  const signed = naivelySigned(header, { key: key.privateKey, tags: 'v=1; a=rsa-sha256; d=example.org; s=s1' });
  assert.match(await submit(client, { message: signed }), /^250 /);
  assert.match((await hop.arrived(1))[0]?.content.toString() ?? '', /X-Dkim: pass/);
  assert.match(await submit(client, { message: signed.replace('hi', 'ho') }), /^550 5\.7\.26/);
});
