import type { Random } from './random.ts';

/** Bytes that mean something somewhere. */
const TOKENS: readonly [string, ...string[]] = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n.\r\n',
  '\n.\n',
  '.',
  '..',
  ' ',
  '\t',
  '"',
  '\\',
  '<',
  '>',
  '@',
  ':',
  ';',
  ',',
  '=',
  '%',
  '(',
  ')',
  '--',
  '{',
  '[',
  '*',
  '&',
  '!',
  '|',
  '#',
  '\x80',
  '\xff',
  '\xc0\xaf',
  '\xed\xa0\x80',
  '\xe2\x80\xae',
  '\xef\xbb\xbf',
  '\x1b[2J',
  '0',
  '-1',
  '4294967296',
  '99999999999999999999',
  'A'.repeat(1000),
  '\xc3\xa9'.repeat(300),
];

const change = (random: Random, bytes: Buffer): Buffer => {
  const at = random.int(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.length(64));
  const [before, piece, rest] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (random.int(7)) {
    case 0:
      return Buffer.concat([before, rest]);
    case 1:
      return Buffer.concat([before, piece, piece, rest]);
    case 2:
      return Buffer.concat([before, Buffer.from(random.pick(TOKENS), 'latin1'), piece, rest]);
    case 3:
      return Buffer.concat([before, random.bytes(random.length(32)), rest]);
    case 4:
      return Buffer.concat([before, Buffer.from(piece.map((byte) => byte ^ (1 << random.int(8)))), rest]);
    case 5:
      return Buffer.concat([rest, piece, before]);
    default:
      return bytes.subarray(0, at);
  }
};

/** The same bytes, changed in some places; untouched with probability `spare`. */
export const mutated = (random: Random, bytes: Buffer, spare = 0.3): Buffer => {
  let changed = bytes;
  if (!random.chance(spare)) for (let left = 1 + random.int(4); left > 0; left--) changed = change(random, changed);
  return changed;
};

export const mutatedText = (random: Random, text: string, spare = 0.3): string =>
  mutated(random, Buffer.from(text), spare).toString('latin1');
