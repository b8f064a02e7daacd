import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { finalHeader } from '../../../src/message/content.ts';
import { dkimSubject, signDkim } from '../../../src/message/dkim/sign.ts';
import { verifiableHeader } from '../../../src/message/dkim/verifiable-header.ts';
import { editHeader, type HeaderEdit } from '../../../src/message/edits.ts';
import { splitMessage } from '../../../src/message/header.ts';
import { BROKEN_MESSAGES } from '../../kit/broken-messages.ts';
import { type DkimKeyPair, ed25519KeyPair, rsaKeyPair } from '../../kit/dkim-keys.ts';

/*
 * What we sign has to verify elsewhere: dkimpy (Debian's python3-dkim) reads each message as it is sent and
 * says what it thinks of our signature.
 */

const PYTHON = '/usr/bin/python3';
const VERIFY = `
import dkim, json, sys
record = sys.argv[1].encode()
for line in sys.stdin:
    with open(line.rstrip("\\n"), "rb") as file:
        message = file.read()
    try:
        found = dkim.DKIM(message).verify(dnsfunc=lambda name, timeout=5: record)
        print(json.dumps("pass" if found else "fail"))
    except Exception as error:
        print(json.dumps(repr(error)))
`;

const MESSAGES = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'messages');
const installed = spawnSync(PYTHON, ['-c', 'import dkim, nacl']).status === 0;
const onTheWire = (file: string): Buffer =>
  Buffer.from(
    readFileSync(file, 'latin1')
      .replace(/\r\n?|\n/g, '\r\n')
      .replaceAll('\0', ''),
    'latin1',
  );

const messages = (): readonly (readonly [string, Buffer])[] => {
  const broken = Object.entries(BROKEN_MESSAGES).map(([name, text]) => [name, Buffer.from(text, 'latin1')] as const);
  const names = existsSync(MESSAGES)
    ? readdirSync(MESSAGES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'))
    : [];
  return [...broken, ...names.sort().map((name) => [name, onTheWire(join(MESSAGES, name))] as const)];
};

const EDITS: readonly HeaderEdit[] = [
  { effect: 'add_header', name: 'X-Note', value: `grüße ${'word '.repeat(60)}` },
  { effect: 'replace_header', name: 'Subject', value: 'replaced  by\ta rule' },
  { effect: 'remove_header', name: 'Cc' },
];

const sent = async (bytes: Buffer, edits: readonly HeaderEdit[], key: DkimKeyPair): Promise<Buffer> => {
  const { header, body } = splitMessage(bytes);
  const edited = verifiableHeader(editHeader(header, edits, false).header);
  const content = { header: finalHeader([], edited), body: { kind: 'inline', bytes: body } } as const;
  const fields = [signDkim(await dkimSubject(content), { domain: 'x.example', selector: 's1', key: key.pem })];
  return ended(Buffer.concat([finalHeader(['Received: from a by b; Mon, 1 Jan 2026 00:00:00 +0000\r\n', ...fields], edited), body]));
};

/** DATA ends every message with a line end. */
const ended = (bytes: Buffer): Buffer => (bytes.subarray(-2).toString() === '\r\n' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')]));

const verdicts = (files: readonly string[], { record }: DkimKeyPair): readonly unknown[] => {
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', VERIFY, record], {
    input: files.map((file) => `${file}\n`).join(''),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((text): unknown => JSON.parse(text));
};

for (const [kind, key] of [
  ['RSA', rsaKeyPair()],
  ['Ed25519', ed25519KeyPair()],
] as const) {
  for (const [how, edits] of [
    ['untouched', []],
    ['edited', EDITS],
  ] as const) {
    test(`dkimpy verifies every message signed by ${kind}, ${how}`, {
      skip: !installed && 'python3-dkim is not installed',
    }, async (context) => {
      const folder = await mkdtemp(join(tmpdir(), 'signed-'));
      context.after(() => rm(folder, { recursive: true }));
      const files: string[] = [];
      for (const [index, [, bytes]] of messages().entries()) {
        const file = join(folder, `${index}.eml`);
        await writeFile(file, await sent(bytes, edits, key));
        files.push(file);
      }
      const found = verdicts(files, key);
      const wrong = messages().flatMap(([name], index) => (found[index] === 'pass' ? [] : [`${name}: ${found[index]}`]));
      context.diagnostic(`${files.length} messages`);
      assert.deepEqual(wrong, []);
    });
  }
}
