import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { messageContents } from '../../../src/message/contents.ts';
import { runs } from '../../kit/thorough.ts';

/* A program whose name is written in a mixture of ways, among decoys, in a mixture of structures. */

const NAME = 'run me.exe';

const percent = (text: string): string => encodeURIComponent(text).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
const everyPercent = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replace(/../g, (hex) => `%${hex}`);
const quotedPrintable = (text: string): string =>
  `=?utf-8?Q?${Buffer.from(text)
    .toString('hex')
    .replace(/../g, (hex) => `=${hex}`)}?=`;
const base64 = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
const fullwidth = (text: string): string => text.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

/** What a system makes nothing of. */
const disguises: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => `${name}.`,
  (name) => `${name} . .`,
  (name) => `${name}::$DATA`,
  (name) => `${name}/`,
  (name) => `C:\\dir\\${name}`,
  (name) => name.replace('exe', 'e\u200bxe'),
  (name) => name.replace('.', '.\u202e'),
  (name) => `${name}\u2060`,
  fullwidth,
  (name) => `${name}\0.txt`,
];

const split = (text: string, at: readonly number[]): readonly string[] => {
  const places = [0, ...at.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
};

type Parameter = (key: string, name: string, seed: readonly number[]) => readonly string[];

const isSafe = (text: string): boolean => !/[^\p{ASCII}]|\p{Cc}/u.test(text);

/** Forms that can carry any name. */
const ENCODED: readonly Parameter[] = [
  (key, name) => [`${key}*=utf-8''${percent(name)}`],
  (key, name) => [`${key}*=UTF-8'en'${everyPercent(name)}`],
  (key, name) => [`${key}*=${everyPercent(name)}`],
  (key, name) => [`${key}="${everyPercent(name)}"`],
  (key, name) => [`${key}="${base64(name)}"`],
  (key, name) => [`${key}=${quotedPrintable(name)}`],
  (key, name, seed) => [`${key}="${split(name, seed).map(base64).join(' ')}"`],
  (key, name, seed) => [`${key}="${split(name, seed).map(quotedPrintable).join('\r\n ')}"`],
  (key, name) => [`${key}="${base64(quotedPrintable(name))}"`],
  (key, name, seed) => split(name, seed).map((piece, index) => `${key}*${index}*=${index === 0 ? "utf-8''" : ''}${everyPercent(piece)}`),
  (key, name, seed) =>
    split(name, seed)
      .map((piece, index) => `${key}*${index}*=${everyPercent(piece)}`)
      .reverse(),
];

/** Forms for names in ASCII. */
const PLAIN: readonly Parameter[] = [
  (key, name) => [`${key}="${name.replace(/\\/g, '\\\\')}"`],
  (key, name) => [`${key} = "${name}"`],
  (key, name) => [`${key}="${name}`],
  (key, name) => [`${key}="${name.replace(/(?=[a-z])/g, '\\')}"`],
  (key, name) => [`${key}=(x)"${name}"(y)`],
  (key, name) => [`${key.toUpperCase()}=\r\n\t"${name}"`],
  (key, name, seed) => split(name, seed).map((piece, index) => `${key}*${index}="${piece}"`),
  (key, name, seed) =>
    split(name, seed)
      .map((piece, index) => `${key}*${index}="${piece}"`)
      .reverse(),
  (key, name, seed) =>
    split(name, seed)
      .map((piece, index) => `${key}*${index}="${piece}"`)
      .flatMap((piece) => [piece, 'x=y']),
];

const DECOYS = ['', 'filename=a.pdf', 'name="a.pdf"', "filename*=utf-8''a.pdf", 'size=3', 'x="a;b"', 'filename*0=a.pdf', 'name=(a.pdf)'];

interface Choices {
  readonly disguise: number;
  readonly form: number;
  readonly key: string;
  readonly seed: readonly number[];
  readonly before: string;
  readonly after: string;
}

const choices: Arbitrary<Choices> = fc.record({
  disguise: fc.nat(disguises.length - 1),
  form: fc.nat(),
  key: fc.constantFrom('filename', 'name'),
  seed: fc.array(fc.nat(30), { maxLength: 4 }),
  before: fc.constantFrom(...DECOYS),
  after: fc.constantFrom(...DECOYS),
});

const parameters = ({ disguise, form, key, seed, before, after }: Choices): string => {
  const name = disguises[disguise]?.(NAME) ?? NAME;
  const forms = isSafe(name) ? [...ENCODED, ...PLAIN] : ENCODED;
  const written = forms[form % forms.length]?.(key, name, seed) ?? [];
  return [before, ...written, after].filter((text) => text !== '').join('; ');
};

const FIELDS: readonly ((text: string) => readonly string[])[] = [
  (text) => [`Content-Disposition: attachment; ${text}`],
  (text) => [`Content-Disposition: ${text}`],
  (text) => [`Content-Disposition: attachment ${text}`],
  (text) => [`Content-Disposition: inline; filename=a.pdf`, `content-disposition: attachment; ${text}`],
  (text) => [`Content-Type: application/octet-stream; ${text}`],
  (text) => [`Content-Type: text/plain; ${text}`, 'Content-Disposition: inline'],
  (text) => [`Content-Type: application/pdf; name=a.pdf`, `Content-Disposition: attachment;\r\n\t${text}`],
  (text) => ['Content-Type: text/html; charset=utf-8', `Content-Type: application/octet-stream; ${text}`],
];

type Wrap = (part: readonly string[]) => readonly string[];

const within = (type: string, parts: readonly (readonly string[])[], boundary = `b${parts.flat().length}`): readonly string[] => [
  `Content-Type: multipart/${type}; boundary="${boundary}"`,
  '',
  ...parts.flatMap((part) => [`--${boundary}`, ...part]),
  `--${boundary}--`,
];

const WRAPS: readonly Wrap[] = [
  (part) => part,
  (part) => within('mixed', [['', 'text'], part]),
  (part) => within('related', [part, ['Content-Type: text/plain', '', 'text']]),
  (part) => ['Content-Type: message/rfc822', '', 'Subject: x', ...part],
  (part) => ['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', Buffer.from(part.join('\r\n')).toString('base64')],
  (part) => within('digest', [['', ...part]]),
  (part) => ['Content-Type: application/octet-stream; name=x.eml', '', ...part],
  (part) => [...within('mixed', [['', 'text']], 'x'), ...within('mixed', [part], 'x').slice(2)],
];

const messages = fc
  .tuple(choices, fc.constantFrom(...FIELDS), fc.array(fc.constantFrom(...WRAPS), { maxLength: 4 }))
  .map(([chosen, field, wraps]) =>
    wraps.reduce<readonly string[]>((part, wrap) => wrap(part), [...field(parameters(chosen)), '', 'MZ', '']).join('\r\n'),
  );

describe('an executable attachment with a mixed name encoding', () => {
  it('is always detected', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (message) => {
        const contents = messageContents({ open: () => Readable.from([Buffer.from(message)], { objectMode: false }) }, { parts: 100 });
        const found = await contents.attachments(new AbortController().signal).catch(() => null);
        assert.ok(found === null || found.some(({ extension }) => [extension].flat().includes('exe')), message);
      }),
      { numRuns: runs(2000) },
    );
  });
});
