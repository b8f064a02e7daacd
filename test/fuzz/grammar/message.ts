import { mutatedText } from '../mutate.ts';
import type { Random } from '../random.ts';

const DOMAINS = ['example.com', 'example.org', 'xn--bcher-kva.example', 'a.b.c.d.e.f.example', '[192.0.2.1]', 'evil.test'] as const;
const LOCALS = [
  'ann',
  'bob',
  'postmaster',
  'ann+tag',
  '"a b"',
  '"a\\"b"',
  'user%other',
  'other!user',
  'x'.repeat(64),
  '\xc3\xa9',
  '.a',
  'a..b',
] as const;

export const domain = (random: Random): string => random.pick(DOMAINS);
export const address = (random: Random): string => (random.chance(0.05) ? '' : `${random.pick(LOCALS)}@${domain(random)}`);

const encodedWord = (random: Random): string =>
  `=?${random.pick(['utf-8', 'iso-2022-jp', 'utf-7', 'x', ''])}?${random.pick(['b', 'q', 'z', ''])}?${random.bytes(random.length(40)).toString('base64')}?=`;

const parameter = (random: Random): string =>
  random.pick([
    'charset=utf-8',
    'charset=iso-2022-jp',
    'charset="utf-16"',
    'boundary=b',
    'boundary="b"',
    'boundary=b (c)',
    'boundary="b "',
    "name*0*=utf-8''%ff",
    'name*1="x.exe"',
    'name="a.exe"',
    'filename="a.exe::$DATA"',
    'filename=',
    'name="=?utf-8?b?////?="',
    'format=flowed; delsp=yes',
    ';;;=',
  ]);

const value = (random: Random): string =>
  random.pick<() => string>([
    () => encodedWord(random),
    () =>
      `${random.pick(['multipart/mixed', 'multipart/alternative', 'message/rfc822', 'message/delivery-status', 'text/html', 'text/plain', 'application/zip', 'x/'])}; ${random.several(0, 4, () => parameter(random)).join('; ')}`,
    () => `"${encodedWord(random)}" <${address(random)}>, ${address(random)}`,
    () =>
      `v=1; a=rsa-sha256; c=${random.pick(['relaxed/relaxed', 'simple', 'relaxed/'])}; d=${domain(random)}; s=sel; h=from:to:${random.pick(['subject', 'from:from', ''])}; bh=${random.bytes(32).toString('base64')}; b=${random.bytes(random.length(256)).toString('base64')}${random.pick(['', '; l=1', '; i=@x', '; t=9; x=1'])}`,
    () =>
      `i=${random.int(60)}; cv=${random.pick(['none', 'pass', 'fail', 'x'])}; a=rsa-sha256; d=${domain(random)}; s=sel; b=${random.bytes(20).toString('base64')}`,
    () => 'x'.repeat(random.length(3000)),
    () => 'Tue, 1 Jan 2030 00:00:00 +0000',
  ])();

const NAMES = [
  'From',
  'From',
  'To',
  'Subject',
  'Date',
  'Content-Type',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Disposition',
  'DKIM-Signature',
  'ARC-Seal',
  'ARC-Message-Signature',
  'ARC-Authentication-Results',
  'Authentication-Results',
  'Received',
  'Return-Path',
  'Message-ID',
  'X-\xff',
  '',
  ' ',
  'List-Id',
  'MIME-Version',
] as const;

const field = (random: Random): string =>
  `${random.pick(NAMES)}${random.pick([':', ': ', ' :', ''])}${random.pick(['', '\r\n '])}${random.chance(0.2) ? random.pick(['base64', 'quoted-printable', '8bit', 'attachment; filename="a.exe"', 'inline']) : value(random)}\r\n`;

/** Line breaks and NULs, for which a message is refused, only now and then. */
const eightBit = (random: Random): string => {
  const text = random.bytes(random.length(200)).toString('latin1');
  return random.chance(0.1) ? text : text.replace(/[\0\r\n]/g, ' ');
};

const body = (random: Random, depth: number): string =>
  random
    .several(0, 5, () =>
      random.pick<() => string>([
        () => `--b\r\n${depth > 0 ? plainMessage(random, depth - 1) : ''}\r\n`,
        () => '--b--\r\n',
        () => `${random.bytes(random.length(300)).toString('base64')}\r\n`,
        () => '=3D=\r\n=ff=',
        () => `${'.'.repeat(random.length(5))}line\r\n`,
        () => eightBit(random),
        () => `${'y'.repeat(random.length(5000))}\r\n`,
        () => ' '.repeat(random.length(2000)),
      ])(),
    )
    .join('');

const plainMessage = (random: Random, depth: number): string =>
  `${random.several(0, 8, () => field(random)).join('')}\r\n${body(random, depth)}`;

/** A message, latin1: header, MIME, signatures, each of them broken now and then. */
export const message = (random: Random): string => mutatedText(random, plainMessage(random, 3), 0.75);
