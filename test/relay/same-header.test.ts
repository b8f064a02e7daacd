import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import libmime from 'libmime';
import { simpleParser } from 'mailparser';
import { BROKEN_MESSAGES } from '../kit/broken-messages.ts';
import { rsaKeyPair } from '../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../kit/dkim-result.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { runs } from '../kit/thorough.ts';
import { submit } from './mail.ts';
import { OPEN, relayFixture } from './site-fixture.ts';

/*
 * One message, three readers: the header that rules read, the bytes that were signed, and what other programs read at the
 * next hop are the same, whatever the message and whatever rules have edited.
 */

const key = rsaKeyPair();

/** Edits, each made when its bit is set in the sender's address. */
const EDITS = [
  'replace_header: { name: Subject, value: "[EXT] grüße" }',
  'remove_header: To',
  'add_header: { name: X-A, value: "a long value that has to be folded since it is longer than any line should be, grün" }',
  'replace_header: { name: Message-ID, value: "${message.id}" }',
  'remove_header: X-A',
];
const senderOf = (edits: number): string => `e${edits.toString(2).padStart(EDITS.length, '0')}@example.org`;

const FIELDS = ['from', 'to', 'subject', 'date', 'message-id', 'x-a', 'content-type', 'x-mailbox-line'];

const POLICY = `${OPEN}rules:
${EDITS.map((edit, bit) => {
  const pattern = `^e${'[01]'.repeat(EDITS.length - 1 - bit)}1${'[01]'.repeat(bit)}@`;
  return `  - { id: edit-${bit}, on: data_post, when: { sender.address: { matches: "${pattern}" } }, then: { ${edit} } }\n`;
}).join('')}
${FIELDS.map((name) => `  - { id: read-${name}, on: queue, when: { raw_header.${name}: { exists: true } }, then: { add_header: { name: X-Read-${name}, value: "<\${raw_header.${name}}>" } } }\n`).join('')}
  - { id: sign, on: queue, then: { sign_dkim: { domain: example.org, selector: s1, key: config/dkim.pem } } }
`;

type Field = readonly [name: string, value: string];

/** White space and control characters make no difference to a value here, nor does how often it is encoded. */
const bare = (text: string): string => {
  const decoded = libmime.decodeWords(text.replace(/\r?\n(?=[ \t])/g, ''));
  return decoded === text ? decoded.replace(/[\s\p{Cc}]/gu, '') : bare(decoded);
};

/** What the rules read, told by the fields that they have added, and what this reader finds. */
const assertSame = (fields: readonly Field[], why: string): void => {
  const valuesOf = (name: string): readonly string[] =>
    fields.filter(([found]) => found.trim().toLowerCase() === name).map(([, value]) => value);
  for (const name of FIELDS) {
    const found = valuesOf(name);
    const [read, ...more] = valuesOf(`x-read-${name}`);
    assert.equal(more.length, 0, why);
    const expected = found.length === 0 ? null : bare(`<${found.join(', ')}>`);
    assert.equal(read === undefined ? null : bare(read), expected, `${name} ${why}`);
  }
};

const namesOf = (fields: readonly Field[]): readonly string[] => fields.map(([name]) => name.trim().toLowerCase());

const byMailparser = async (content: Buffer): Promise<readonly Field[]> => {
  const { headerLines } = await simpleParser(content);
  return headerLines.map(({ line }) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
};

const PYTHON = `
import sys, json, base64, email, email.policy
for line in sys.stdin:
    message = email.message_from_bytes(base64.b64decode(line), policy=email.policy.compat32)
    print(json.dumps([[name, value.encode('utf-8', 'surrogateescape').decode('latin-1')] for name, value in message.raw_items()]))
`;

/** Each message's fields as Python's email package has them; \`null\` where there is no Python. */
const byPython = (contents: readonly Buffer[]): readonly (readonly Field[])[] | null => {
  const { stdout, status } = spawnSync('python3', ['-c', PYTHON], {
    input: contents.map((content) => `${content.toString('base64')}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return status === 0
    ? stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : null;
};

const LINES = [
  'From: a@x.example\r\n',
  'from : a@x.example (c)\r\n',
  'To: b@example.com,\r\n\tc@example.com\r\n',
  'Subject: hello\r\n',
  'Subject: =?utf-8?q?gr=C3=BCn?=\r\n =?utf-8?q?_x?=\r\n',
  'SUBJECT:\r\n',
  'Subject: gr\xfcn \xe2\x82\xac\r\n',
  'Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n',
  'Message-ID:\r\n <1@x.example>\r\n',
  'X-A: 1\r\n \r\n\t2\r\n',
  'X-A: \x01\x7f\r\n',
  `X-A: ${'y'.repeat(900)}\r\n`,
  'Content-Type: text/plain;\r\n charset=utf-8\r\n',
  'From a@x.example Mon Jan  1 00:00:00 2026\r\n',
  ' continued\r\n',
  'no field\r\n',
  ': no name\r\n',
  'X\xe4: name\r\n',
  '\r\n',
  'body: text\r\n',
  '.\r\n',
  '--b\r\n',
];

const MESSAGES = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'messages');
const corpus = existsSync(MESSAGES)
  ? readdirSync(MESSAGES, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFileSync(join(MESSAGES, name)).toString('latin1').replace(/\r?\n/g, '\r\n'))
      .filter((text) => !/\r(?!\n)|\0/.test(text))
  : [];

test('rules, signatures and other parsers see the same header', async (context) => {
  const server = await DnsServer.start({ 's1._domainkey.example.org': { TXT: [textRecord(key.record)] } });
  context.after(() => server.close());
  const { connect, hop } = await relayFixture(context, { policy: POLICY, files: { 'config/dkim.pem': key.pem } });
  const client = await connect();
  const whys: string[] = [];
  const names: (readonly string[])[] = [];
  const relayed = async (message: string, edits: number): Promise<void> => {
    const reply = await submit(client, { from: senderOf(edits), parameters: ' BODY=8BITMIME', message: Buffer.from(message, 'latin1') });
    assert.match(reply, /^250 /, message);
    whys.push(JSON.stringify([edits, message.slice(0, 2000)]));
    const content = (await hop.arrived(whys.length))[whys.length - 1]?.content ?? Buffer.alloc(0);
    const why = `${whys.at(-1)}\n${content.toString('latin1').slice(0, 4000)}`;
    assert.equal((await dkimOf(server, content)).result, 'pass', why);
    const fields = await byMailparser(content);
    assertSame(fields, why);
    names.push(namesOf(fields));
  };
  const given = [...corpus, ...Object.values(BROKEN_MESSAGES)];
  for (const [at, message] of given.entries()) await relayed(message, at % 2 ** EDITS.length);
  const generated = fc.array(fc.constantFrom(...LINES), { maxLength: 12 }).map((lines) => lines.join(''));
  await fc.assert(fc.asyncProperty(generated, fc.nat(2 ** EDITS.length - 1), relayed), { numRuns: runs(150) });
  const seen = byPython(hop.received.map(({ content }) => content));
  for (const [at, fields] of (seen ?? []).entries()) {
    assert.deepEqual(namesOf(fields), names[at], `Python ${whys[at]}`);
    assertSame(fields, `Python ${whys[at]}`);
  }
  context.diagnostic(
    `${given.length} messages given, ${whys.length - given.length} generated; ${seen ? 'read by Python too' : 'no Python to read them'}`,
  );
});
