import { decodeCharset } from './charset.ts';

/*
 * What the parameters `name` and `filename` of a field may be read as. Mail programs differ where RFC 2045 5.1 and
 * RFC 2231 are broken: which of two wins, where a value ends, in which order pieces go, what is decoded. Here every
 * reading counts, since a rule has to see the name that somebody's program will use.
 */

/** With whatever stars and numbers stand between the name and the equals sign. */
const PARAMETER = /(?:file)?name\s*((?:\*[\s\d*]*)?)=/gi;

/** What RFC 2231 allows there. */
const STARS = /^(?:\*(?:\d+\*?)?)?$/;

/** A field with more of them is nobody's honest work. */
export const MOST_PARAMETERS = 40;

interface Written {
  readonly isFile: boolean;
  /** Of a piece (RFC 2231 3). */
  readonly index: number | null;
  /** Percent-encoded (RFC 2231 4). */
  readonly extended: boolean;
  /** Stars and numbers as RFC 2231 has them. */
  readonly regular: boolean;
  /** All that stands behind the equals sign. */
  readonly rest: string;
}

export interface NameValues {
  readonly values: readonly string[];
  readonly doubt: string | null;
}

/** Every value that a name parameter of this text may have. `text` is one line. */
export const nameValues = (text: string): NameValues => {
  const written = [...text.matchAll(PARAMETER)].map((match) => asWritten(text, match));
  if (written.length > MOST_PARAMETERS) return { values: [], doubt: `more than ${MOST_PARAMETERS} names in a field` };
  if (written.some(({ regular }) => !regular)) return { values: [], doubt: 'a name parameter with odd stars or numbers' };
  const whole = written.filter(({ index }) => index === null);
  const decoded = [
    ...whole.filter(({ extended }) => extended).flatMap(({ rest }) => VALUE_ENDS.map((end) => extendedValue(end(rest)))),
    ...(whole.length < written.length ? pieceValues(written) : []),
  ];
  const plain = whole.filter(({ extended }) => !extended).flatMap(({ rest }) => VALUE_ENDS.map((end) => end(rest)));
  const doubt = decoded.find((one) => one.doubt !== null)?.doubt ?? null;
  return { values: [...plain, ...decoded.map((one) => one.text)], doubt: hasPieceTwice(written) ? 'a piece of a name twice' : doubt };
};

const hasPieceTwice = (written: readonly Written[]): boolean => {
  const pieces = written.filter(({ index }) => index !== null).map(({ isFile, index }) => `${isFile} ${index}`);
  return new Set(pieces).size < pieces.length;
};

const asWritten = (text: string, match: RegExpExecArray): Written => {
  const [whole, stars = ''] = match;
  const index = /\d+/.exec(stars)?.[0];
  return {
    isFile: /^file/i.test(whole),
    index: index === undefined ? null : Number(index),
    extended: /\*\s*$/.test(stars),
    regular: STARS.test(stars.replace(/\s/g, '')),
    rest: text.slice(match.index + whole.length).trimStart(),
  };
};

const bare = (text: string): string => text.replace(/"/g, '').trim();
const unescaped = (text: string): string => text.replace(/\\(.)/gs, '$1');
const QUOTED = /^"((?:[^"\\]|\\.)*)"/s;
const PARTS = /^(?:[^";]|"(?:[^"\\]|\\.)*"?)*/s;

/** Where readers let a value end: the first is what RFC 2045 5.1 says. */
const VALUE_ENDS: readonly ((rest: string) => string)[] = [
  (rest) => (QUOTED.test(rest) ? unescaped(QUOTED.exec(rest)?.[1] ?? '') : bare(rest.split(';', 1)[0] ?? '')),
  (rest) => bare(rest.split(';', 1)[0] ?? ''),
  (rest) => (rest.startsWith('"') ? (rest.slice(1).split('"', 1)[0] ?? '') : bare(rest.split(/[\s;]/, 1)[0] ?? '')),
  (rest) => bare(unescaped(PARTS.exec(rest)?.[0] ?? '')),
  (rest) => (rest.startsWith('"') && !QUOTED.test(rest) ? bare(rest) : bare(rest.split(';', 1)[0] ?? '')),
];

/** `charset'language'percent-encoded`, the first two of which may be missing. */
const EXTENDED = /^(?:([^']*)'[^']*')?(.*)$/s;

const extendedValue = (text: string): { readonly text: string; readonly doubt: string | null } => {
  const [, charset = '', encoded = ''] = EXTENDED.exec(text) ?? [];
  return decodeCharset(percentBytes(encoded), charset.trim());
};

/** The bytes of a percent-encoded text; what is not encoded stands for itself. */
export const percentBytes = (text: string): Buffer =>
  Buffer.concat(text.split(/(%[0-9a-f]{2})/i).map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))));

type Order = (pieces: readonly Written[]) => readonly Written[];

const byIndex: Order = (pieces) => pieces.toSorted((a, b) => (a.index ?? -1) - (b.index ?? -1));

/** By number, as written, up to the first gap, with and without what has no number. */
const ORDERS: readonly Order[] = [
  byIndex,
  (pieces) => pieces,
  (pieces) => upToGap(byIndex(pieces)),
  (pieces) => byIndex(pieces.filter(({ index }) => index !== null)),
];

const upToGap: Order = (pieces) => {
  const numbered = pieces.filter(({ index }) => index !== null);
  return numbered.filter(({ index }, at) => index === (numbered[0]?.index ?? 0) + at);
};

const GROUPS: readonly ((one: Written) => boolean)[] = [({ isFile }) => isFile, ({ isFile }) => !isFile, () => true];

const pieceValues = (written: readonly Written[]): readonly { readonly text: string; readonly doubt: string | null }[] =>
  GROUPS.flatMap((group) => {
    const pieces = written.filter(group);
    if (pieces.every(({ index }) => index === null)) return [];
    return ORDERS.flatMap((order) => VALUE_ENDS.flatMap((end) => [joined(order(pieces), end, false), joined(order(pieces), end, true)]));
  });

/** Extended pieces are decoded as bytes and then in the charset of the first; `all`: whether they say that they are extended or not. */
const joined = (pieces: readonly Written[], end: (rest: string) => string, all: boolean) => {
  const texts = pieces.map(({ rest }) => end(rest));
  const [, charset = '', start = ''] = (pieces[0]?.extended || all ? EXTENDED.exec(texts[0] ?? '') : null) ?? [
    undefined,
    '',
    texts[0] ?? '',
  ];
  const bytes = [start, ...texts.slice(1)].map((text, at) => (pieces[at]?.extended || all ? percentBytes(text) : Buffer.from(text)));
  return decodeCharset(Buffer.concat(bytes), charset.trim());
};
