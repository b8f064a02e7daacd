import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Attachment, simpleParser } from 'mailparser';
import { bodyPieces } from '../../../src/message/body.ts';
import { sevenBit } from '../../../src/message/seven-bit/seven-bit.ts';
import { runs } from '../../kit/thorough.ts';

/** One octet a character. */
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/** The message in pieces of this size; `null` where it cannot be made 7-bit. */
const converted = async (message: string, piece = 7): Promise<Buffer | string> => {
  const raw = bytesOf(message);
  const end = message.indexOf('\r\n\r\n');
  const header = end < 0 ? raw : raw.subarray(0, end + 4);
  const body = raw.subarray(header.length);
  const open = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += piece) yield body.subarray(at, at + piece);
  };
  const made = await sevenBit({ header, body: { kind: 'stream', length: body.length, open } });
  if (!made.possible) return made.reason;
  const pieces = [made.content.header];
  for await (const one of bodyPieces(made.content.body)) pieces.push(one);
  const all = Buffer.concat(pieces);
  assert.equal(all.length, made.size);
  assert.ok(isAscii(all), all.toString('latin1'));
  assert.ok(
    Math.max(
      ...all
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.length),
    ) <= 998,
  );
  return all;
};

/** What another parser finds in it: values of fields, texts, and each attachment, messages within taken apart likewise. */
const found = async (raw: Buffer): Promise<unknown> => {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
  const inner = async ({ contentType, content, filename }: Attachment): Promise<unknown> => [
    contentType,
    filename,
    contentType === 'message/rfc822' ? await found(content) : content.toString('base64'),
  ];
  const attachments = await Promise.all(mail.attachments.map(inner));
  return { subject: mail.subject, from: mail.from?.value, to: mail.to, text: mail.text, html: mail.html, attachments };
};

const WORDS = [
  'plain',
  'two words',
  utf8('größer'),
  utf8('漢字'),
  'J\xf6rg',
  '.',
  ' end ',
  'a=b',
  utf8('€ und ¢'),
  '-- ',
  'From x',
  '=?utf-8?Q?=C3=A4?=',
];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' '));
const lines = fc.array(text, { maxLength: 6 }).map((all) => all.join('\r\n'));
const binary = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all).toString('latin1').replace(/\r|\n/g, 'x'));

const field = (name: string, value: string): string => (value === '' ? '' : `${name}: ${value}\r\n`);

/** A part, its header and content; all with the end of its last line left out. */
interface Generated {
  readonly header: string;
  readonly content: string;
}

const leaf: fc.Arbitrary<Generated> = fc.oneof(
  fc
    .record({
      type: fc.constantFrom('', 'text/plain', 'text/plain; charset=utf-8', 'text/plain; charset=iso-8859-1', 'text/html'),
      content: lines,
    })
    .map(({ type, content }) => ({ header: field('Content-Type', type), content })),
  fc.record({ content: binary, name: fc.constantFrom('a.bin', utf8('größe.bin'), utf8('漢.bin')) }).map(({ content, name }) => ({
    header: `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: 8bit\r\n`,
    content,
  })),
  binary.map((content) => ({
    header: 'Content-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n',
    content: bytesOf(content).toString('base64'),
  })),
);

const { part } = fc.letrec<{ part: Generated }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.array(tie('part'), { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 1e9 }), text)
      .map(([parts, number, around]) => {
        const boundary = `x${number}y`;
        const between = parts.map(({ header, content }) => `--${boundary}\r\n${header}\r\n${content}\r\n`).join('');
        return {
          header: `Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\nContent-Transfer-Encoding: 8bit\r\n`,
          content: `${around}\r\n${between}--${boundary}--\r\n`,
        };
      }),
    fc.tuple(tie('part'), text).map(([{ header, content }, subject]) => ({
      header: 'Content-Type: message/rfc822\r\n',
      content: `Subject: ${subject}\r\nMIME-Version: 1.0\r\n${header}\r\n${content}`,
    })),
  ),
}));

test('another parser finds the same in a message and in what it becomes', async () => {
  const addresses = fc.constantFrom(
    'a@x.example',
    `${utf8('Jörg Müller')} <a@x.example>`,
    `"${utf8('Müller, Jörg')}"<a@x.example>, b@x.example`,
  );
  const run = async (subject: string, from: string, { header, content }: Generated, piece: number): Promise<void> => {
    const message = `From: ${from}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n${header}\r\n${content}\r\n`;
    const made = await converted(message, piece);
    assert.ok(typeof made !== 'string', `${made}\n${message}`);
    assert.deepEqual(await found(made), await found(bytesOf(message)), made.toString());
  };
  await fc.assert(fc.asyncProperty(text, addresses, part, fc.constantFrom(1, 10, 5000), run), { numRuns: runs(300) });
});

test('a message without 8-bit bytes is unchanged except for its declared encoding', async () => {
  const message = 'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nplain  \r\n.\r\n--b--\r\n \r\n';
  assert.equal(String(await converted(message)), message);
});

/** Content of a single part, and how it travels. */
const FORMS: readonly { readonly name: string; readonly message: string; readonly becomes: string }[] = [
  {
    name: 'no Content-Type, no MIME-Version',
    message: `Subject: x\r\n\r\n${utf8('ü')} \r\nb=\tc\t\r\n`,
    becomes: 'Subject: x\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC=20\r\nb=3D\tc=09\r\n',
  },
  {
    name: 'a charset nobody knows',
    message: 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=x-own\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe4',
    becomes: 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=x-own\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E4',
  },
  {
    name: 'text in UTF-16',
    message: 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-16le\r\n\r\n\xe4\x01\r\n',
    becomes: 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\n5AENCg==',
  },
  {
    name: 'a header alone',
    message: `Subject: ${utf8('ü')}\r\n`,
    becomes: 'Subject: =?utf-8?Q?=C3=BC?=\r\n',
  },
];

for (const { name, message, becomes } of FORMS)
  test(`in 7 bits: ${name}`, async () => {
    assert.equal(String(await converted(message)), becomes);
  });

/** A field alone, and what it becomes; `null`: it cannot be written in ASCII, and the message fails. */
const FIELDS: readonly (readonly [string, string | null])[] = [
  ['Subject: f\xfcnf', 'Subject: =?unknown-8bit?Q?f=FCnf?='],
  [`Subject: =?utf-8?Q?=C3=A4?= ${utf8('ö')} b`, 'Subject: =?utf-8?Q?=C3=A4?= =?utf-8?Q?_=C3=B6?= b'],
  [`Subject: ${utf8('ö')} =?utf-8?Q?=C3=A4?=`, 'Subject: =?utf-8?Q?=C3=B6_?= =?utf-8?Q?=C3=A4?='],
  [`X-Own: a\r\n ${utf8('ö ö')}`, 'X-Own: a\r\n =?utf-8?Q?=C3=B6_=C3=B6?='],
  [`From: ${utf8('Jörg')}<a@x.example>`, 'From: =?utf-8?Q?J=C3=B6rg?= <a@x.example>'],
  [`To: a@x.example (${utf8('Jörg (x) ü')})`, 'To: a@x.example (=?utf-8?Q?J=C3=B6rg?= (x) =?utf-8?Q?=C3=BC?=)'],
  [`To: ${utf8('jörg@x.example')}`, null],
  [`To: "${utf8('jörg')}"@x.example`, null],
  [`To: x <${utf8('a@bücher.example')}>`, null],
  [`Message-ID: <${utf8('ü')}@x>`, null],
  [`Received: from x (${utf8('ü')}) by y`, 'Received: from x (=?utf-8?Q?=C3=BC?=) by y'],
  [`Content-Type: application/x; name=${utf8('ü')}.txt; x=y`, "Content-Type: application/x;\r\n name*=utf-8''%C3%BC.txt; x=y"],
  [`Content-Type: ${utf8('ü')}/x`, null],
  [`Content-Type: multipart/mixed; boundary=${utf8('ü')}`, null],
  [`${utf8('Fü')}: x`, null],
];

for (const [written, becomes] of FIELDS)
  test(`a field in 7 bits: ${written}`, async () => {
    const made = await converted(`${written}\r\n\r\nx\r\n`);
    if (becomes === null) assert.equal(typeof made, 'string');
    else assert.equal(String(made), `${becomes}\r\n\r\nx\r\n`);
  });

const SIGNED =
  'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\xe4\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n';

/** Messages that would not be the same any more, or not for everybody. */
const STAY: readonly (readonly [string, string, RegExp])[] = [
  ['a DKIM signature', 'Subject: x\r\nDKIM-Signature: v=1\r\n\r\n\xe4\r\n', /signed/],
  ['an ARC set', 'ARC-Message-Signature: i=1\r\nSubject: x\r\n\r\n\xe4\r\n', /signed/],
  ['a signed part', SIGNED, /signed/],
  ['a signed part within others', `Content-Type: message/rfc822\r\n\r\n${SIGNED}`, /signed/],
  ['8-bit bytes in base64', 'Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n\xe4\r\n', /base64/],
  ['message/partial', 'Content-Type: message/partial; id=x\r\n\r\n\xe4\r\n', /message.partial/],
  ['no part in a multipart', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n\xe4\r\n', /without parts/],
  ['a line that is no field', 'Subject: x\r\nno field\r\n\r\n\xe4\r\n', /not a field/],
  ['two types', 'Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n\xe4\r\n', /twice/],
];

for (const [name, message, reason] of STAY)
  test(`a message that stays as it is: ${name}`, async () => {
    assert.match(String(await converted(message)), reason);
  });

test('hostile headers and endless lines cost time in proportion to their length', async () => {
  const fill = ['(', '"', '<', ' \xe4', '"\\', ';', '\xe4 =?a?q?b?= ', 'a=\xe4;'];
  for (const name of ['To', 'Subject', 'Content-Type'])
    for (const one of fill) {
      const since = process.cpuUsage();
      const header = bytesOf(`${name}: \xe4${one.repeat(60_000 / one.length)}\r\n\r\n`);
      await sevenBit({ header, body: { kind: 'inline', bytes: bytesOf(`${'x'.repeat(60_000)}\xe4\r\n`) } });
      assert.ok(process.cpuUsage(since).user < 2_000_000, `${name} ${one}`);
    }
});
