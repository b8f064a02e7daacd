import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';

/** One thing that goes wrong with one file of a site; printed when the property fails. */
export interface Mutation {
  readonly file: string;
  readonly how: string;
  /** 0 to 1: where in the file, or which of the words. */
  readonly place: number;
  readonly word: string;
}

const WORDS = [
  '',
  '[]',
  '{}',
  'null',
  'true',
  '0',
  '-1',
  '1',
  '99999999999',
  'x',
  '"../x"',
  '"${from.domain}"',
  'x.pem',
  'config/users',
  '10m',
  ': ',
  '#',
  '*a',
  '\u0000',
  'ü',
  'optional',
  'none',
];

const settle = async (path: string): Promise<void> => {
  const then = new Date(Date.now() - 60_000);
  await utimes(path, then, then);
};

const rewrite =
  (change: (text: string, mutation: Mutation) => string) =>
  async (path: string, mutation: Mutation): Promise<void> => {
    const text = await readFile(path, 'latin1');
    await writeFile(path, Buffer.from(change(text, mutation), 'latin1'));
    await settle(path);
  };

const at = (length: number, place: number): number => Math.min(Math.floor(place * length), Math.max(0, length - 1));

const exchangeLine = (text: string, place: number, change: (line: string) => string): string => {
  const lines = text.split('\n');
  const index = at(lines.length, place);
  return lines.map((line, number) => (number === index ? change(line) : line)).join('\n');
};

const TOKEN = /[A-Za-z0-9_.$/@{}-]+/g;

const exchangeToken = (text: string, { place, word }: Mutation): string => {
  const tokens = [...text.matchAll(TOKEN)];
  const token = tokens[at(tokens.length, place)];
  return token ? text.slice(0, token.index) + word + text.slice(token.index + token[0].length) : word;
};

/** Two words of one file change places: a key under another, a value of another type. */
const swapTokens = (text: string, { place }: Mutation): string => {
  const tokens = [...text.matchAll(TOKEN)];
  const [one, other] = [tokens[at(tokens.length, place)], tokens[at(tokens.length, 1 - place)]];
  return one && other ? text.replace(one[0], other[0]) : text;
};

const instead =
  (make: (path: string) => unknown) =>
  async (path: string): Promise<void> => {
    await rm(path, { recursive: true });
    await make(path);
  };

const sparse = async (path: string): Promise<void> => {
  await writeFile(path, '', { mode: 0o600 });
  await truncate(path, 2 ** 31);
  await settle(path);
};

const MODES = [0o600, 0o640, 0o644, 0o666, 0o400, 0o604, 0o660, 0o622];

const HOW: Readonly<Record<string, (path: string, mutation: Mutation) => Promise<unknown>>> = {
  remove: (path) => rm(path, { recursive: true }),
  rename: (path) => rename(path, `${path}.old`),
  cut: rewrite((text, { place }) => text.slice(0, Math.floor(place * text.length))),
  empty: rewrite(() => ''),
  spoil: rewrite((text, { place }) => `${text.slice(0, at(text.length, place))}\xff${text.slice(at(text.length, place) + 1)}`),
  append: rewrite((text, { word }) => `${text}${word}\n`),
  'line gone': rewrite((text, { place }) => exchangeLine(text, place, () => '')),
  'line twice': rewrite((text, { place }) => exchangeLine(text, place, (line) => `${line}\n${line}`)),
  'line indented': rewrite((text, { place }) => exchangeLine(text, place, (line) => `  ${line}`)),
  'other word': rewrite(exchangeToken),
  'swapped words': rewrite(swapTokens),
  'all twice': rewrite((text) => text + text),
  mode: (path, { place }) => chmod(path, MODES[at(MODES.length, place)] ?? 0o600),
  directory: instead((path) => mkdir(path)),
  pipe: instead((path) => execFileSync('mkfifo', [path])),
  '/dev/zero': instead((path) => symlink('/dev/zero', path)),
  loop: instead((path) => symlink(path, path)),
  huge: instead(sparse),
};

/** What can be edited by hand is edited more often. */
const EDITS = ['other word', 'other word', 'swapped words', 'line gone', 'line twice', 'line indented'];

export const mutations = (files: readonly string[]): fc.Arbitrary<readonly Mutation[]> =>
  fc.array(
    fc.record({
      file: fc.constantFrom(...files),
      how: fc.constantFrom(...Object.keys(HOW), ...EDITS),
      place: fc.double({ min: 0, max: 0.999, noNaN: true }),
      word: fc.constantFrom(...WORDS),
    }),
    { minLength: 1, maxLength: 2 },
  );

/** Does them in order; one whose file an earlier one has taken away does nothing. */
export const mutate = async (root: string, list: readonly Mutation[]): Promise<void> => {
  for (const mutation of list) await HOW[mutation.how]?.(join(root, mutation.file), mutation).catch(() => undefined);
};
