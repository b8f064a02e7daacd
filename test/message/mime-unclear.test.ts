import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sessionFinder } from '../../src/lookup/session-finder.ts';
import { IncomingMessage } from '../../src/message/incoming.ts';
import { facts } from '../../src/policy/facts/content.ts';
import { isCollection, isFields, Unknown } from '../../src/policy/value.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';
import { lookupsWith } from '../kit/lookups.ts';

/* Each of these hides a program from one mail program or another. What is not found must not be "none". */

const PROGRAM = [
  'Content-Type: application/x-msdownload; name=a.exe',
  'Content-Disposition: attachment; filename=a.exe',
  'Content-Transfer-Encoding: base64',
  '',
  'TVqQAAMAAAAEAAAA',
  '',
].join('\r\n');
const parts = (boundary = 'b', program = PROGRAM): string =>
  `--${boundary}\r\nContent-Type: text/plain\r\n\r\nhi\r\n--${boundary}\r\n${program}--${boundary}--\r\n`;
const message = (field: string, body = parts()): string => `From: a@x.example\r\nMIME-Version: 1.0\r\n${field}\r\n\r\n${body}`;
const mixed = (boundary: string, body?: string): string => message(`Content-Type: multipart/mixed${boundary}`, body);
const within = (program: string): string => mixed('; boundary=b', parts('b', program));

let files: TestBodyFiles;
before(async () => {
  files = await testBodyFiles();
});
after(() => files.remove());

const definition = facts.find(({ name }) => name === 'attachment') ?? null;
const sources = {
  lookups: lookupsWith({ dns: { servers: ['127.0.0.1:1'], timeout: 1 } }),
  counters: { limit: () => false, greylist: () => false },
  mimeParts: 20,
};

/** What the fact says, as a rule sees it. */
const found = async (text: string): Promise<readonly string[] | 'unknown'> => {
  const incoming = new IncomingMessage({ headerSize: 256 * 1024, inMemory: 1024, bodies: files });
  await incoming.write(Buffer.from(text, 'latin1'));
  const received = await incoming.finish();
  const finder = sessionFinder(sources, () => received);
  const value = await finder.find({ need: 'lookup', name: 'attachment' }, definition, { get: () => undefined }, AbortSignal.timeout(5000));
  if (value instanceof Unknown) return 'unknown';
  if (value === null || !isCollection(value)) return [];
  return value.flatMap((one) => (isFields(one) ? `${one.extension ?? ''} ${one.type}`.trim() : []));
};

const EXE = 'exe application/x-msdownload';

const CASES: Readonly<Record<string, readonly [text: string, expected: readonly string[] | 'unknown']>> = {
  'an honest multipart': [mixed('; boundary=b'), [EXE]],
  'the same field twice': [mixed('; boundary=b\r\nContent-Type: multipart/mixed;\r\n boundary=b'), [EXE]],
  'Content-Type twice, text first': [message('Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b'), 'unknown'],
  'Content-Type twice, text last': [mixed('; boundary=b\r\nContent-Type: text/plain'), 'unknown'],
  'two boundaries, the first one in use': [mixed('; boundary=b; boundary=x'), 'unknown'],
  'two boundaries, the second one in use': [mixed('; boundary=x; boundary=b'), 'unknown'],
  'a boundary in both forms': [mixed("; boundary=x; boundary*=us-ascii''b"), 'unknown'],
  'a boundary in pieces': [mixed('; boundary*0=a; boundary*1=b', parts('ab')), 'unknown'],
  'a boundary named in a quoted text': [mixed('; x="; boundary=x"; boundary=b'), 'unknown'],
  'no boundary': [mixed(''), 'unknown'],
  'a multipart of nothing at all': [mixed('; boundary=b', ' \r\n\r\n'), []],
  'a preamble, parts and an epilogue': [mixed('; boundary=b', `To old programs: sorry.\r\n${parts()}Bye.\r\n`), [EXE]],
  'an empty boundary': [mixed('; boundary=""', parts('')), 'unknown'],
  'a boundary in single quotes': [mixed("; boundary='b'"), 'unknown'],
  'a boundary without a semicolon': [mixed(' boundary=b'), 'unknown'],
  'a boundary that does not occur': [mixed('; boundary=other'), 'unknown'],
  'more behind the boundary than white space': [mixed('; boundary=b', parts().replaceAll('--b\r\n', '--b;\r\n')), 'unknown'],
  'a multipart in base64': [
    mixed('; boundary=b\r\nContent-Transfer-Encoding: base64', `${Buffer.from(parts()).toString('base64')}\r\n`),
    'unknown',
  ],
  'an empty multipart within': [mixed('; boundary=b', parts('b', 'Content-Type: multipart/mixed; boundary=c\r\n\r\nTVqQ\r\n')), 'unknown'],
  'Content-Disposition twice': [within(`Content-Disposition: inline; filename=a.txt\r\n${PROGRAM}`), [`txt,${EXE}`]],
  'Content-Transfer-Encoding twice': [within(`Content-Transfer-Encoding: 7bit\r\n${PROGRAM}`), 'unknown'],
  'two file names': [within(PROGRAM.replace('filename=a.exe', 'filename=a.txt; filename=a.exe')), [`txt,${EXE}`]],
  'a file name in both forms': [within(PROGRAM.replace('filename=a.exe', "filename=a_.exe; filename*=utf-8''%C3%A4.exe")), [EXE]],
  'a digest, whose parts are messages': [
    message('Content-Type: multipart/digest; boundary=d', `--d\r\n\r\n${mixed('; boundary=b')}--d--\r\n`),
    ['eml message/rfc822', EXE],
  ],
  'a message in base64': [
    message(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
      `${Buffer.from(mixed('; boundary=b')).toString('base64')}\r\n`,
    ),
    ['eml message/rfc822', EXE],
  ],
  'an unclear message within': [message('Content-Type: message/rfc822', mixed('')), 'unknown'],
  'too many parts': [mixed('; boundary=b', `${'--b\r\n\r\nx\r\n'.repeat(30)}${parts()}`), 'unknown'],
  'a header of a part that is too long': [within(`X: ${'y'.repeat(300_000)}\r\n${PROGRAM}`), 'unknown'],
};

describe('attachments are found or unknown', () => {
  for (const [what, [text, expected]] of Object.entries(CASES)) test(what, async () => assert.deepEqual(await found(text), expected));
});
