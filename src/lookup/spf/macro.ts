import { SpfPermanentError } from './error.ts';

/*
 * Macro strings, RFC 7208 7. They are parsed with the record, so that an error is found anywhere in it
 * (4.6), and expanded when their term is evaluated.
 */

export type MacroLetter = 's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h';

interface Expansion {
  readonly letter: MacroLetter;
  /** How many parts from the right are kept; 0 for all. */
  readonly keep: number;
  readonly reverse: boolean;
  readonly delimiters: string;
  /** An upper-case letter requests URL escaping. */
  readonly escapes: boolean;
}

/** A parsed macro string: literal text and expansions. */
export type MacroString = readonly (string | Expansion)[];

/** Values for the letters; may be a promise, since `p` queries DNS. */
export type MacroValues = (letter: MacroLetter) => string | Promise<string>;

const LETTERS: ReadonlySet<string> = new Set(['s', 'l', 'o', 'd', 'i', 'p', 'v', 'h']);
const TOKEN = /%\{([a-z])(\d*)(r?)([.\-+,/_=]*)\}|%([%_-])|([\x21-\x24\x26-\x7e]+)/giy;
const ESCAPES: Readonly<Record<string, string>> = { '%': '%', _: ' ', '-': '%20' };
const LONGEST_NAME = 253;

/** Throws `SpfPermanentError` if it is not a macro string. `c`, `r` and `t` are only for explanations (7.2). */
export const readMacroString = (text: string): MacroString => {
  const parts: (string | Expansion)[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text);
    if (token === null) throw new SpfPermanentError(`invalid macro string ${text}`);
    const [, letter, digits = '', reverse, delimiters, escaped, literal] = token;
    if (letter === undefined) parts.push(escaped === undefined ? (literal ?? '') : (ESCAPES[escaped] ?? ''));
    else parts.push(readExpansion(letter, digits, { reverse: reverse !== '', delimiters: delimiters || '.' }));
  }
  return parts;
};

const isLetter = (letter: string): letter is MacroLetter => LETTERS.has(letter);

const readExpansion = (
  written: string,
  digits: string,
  transform: { readonly reverse: boolean; readonly delimiters: string },
): Expansion => {
  const letter = written.toLowerCase();
  if (!isLetter(letter)) throw new SpfPermanentError(`unknown macro letter ${written}`);
  if (digits !== '' && Number(digits) === 0) throw new SpfPermanentError('a macro keeps no parts');
  return { letter, keep: Number(digits), escapes: letter !== written, ...transform };
};

/** A macro string that names a domain: it ends in a macro or in a top label (RFC 7208 7.1 `domain-end`). */
export const readDomainSpec = (text: string): MacroString => {
  const spec = readMacroString(text);
  if (!/%(?:\{[^}]*\}|[%_-])$/.test(text) && !endsInTopLabel(text)) throw new SpfPermanentError(`invalid domain ${text}`);
  return spec;
};

const endsInTopLabel = (text: string): boolean => {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  const dot = bare.lastIndexOf('.');
  const label = bare.slice(dot + 1);
  return dot >= 0 && /^[a-z0-9]+(?:-+[a-z0-9]+)*$/i.test(label) && !/^\d+$/.test(label);
};

/** The expanded text. RFC 7208 7.3. */
const expand = async (parts: MacroString, values: MacroValues): Promise<string> => {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : transformed(await values(part.letter), part);
  return text;
};

const transformed = (value: string, { keep, reverse, delimiters, escapes }: Expansion): string => {
  const split: string[] = [''];
  for (const character of value) {
    if (delimiters.includes(character)) split.push('');
    else split.push(`${split.pop() ?? ''}${character}`);
  }
  if (reverse) split.reverse();
  const text = split.slice(keep === 0 ? 0 : -keep).join('.');
  return escapes ? encodeURIComponent(Buffer.from(text).toString()).replace(/[!'()*]/g, percentEncoded) : text;
};

/** RFC 3986 2.3: only letters, digits and `-._~` stay as they are. */
const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** The domain of a spec; labels on the left are dropped until it fits 253 octets (RFC 7208 7.3). */
export const expandDomain = async (spec: MacroString, values: MacroValues): Promise<string> => {
  const name = (await expand(spec, values)).replace(/\.$/, '');
  if (name.length <= LONGEST_NAME) return name;
  const dot = name.indexOf('.', name.length - LONGEST_NAME - 1);
  return dot < 0 ? name : name.slice(dot + 1);
};
