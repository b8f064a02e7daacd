import { choice, complement, foldedUnit, LAST_UNIT, type Pattern, type Range, repeat, sequence, unit } from './pattern.ts';

/*
 * Parses the RE2 syntax that rules commonly use. Expressions with anything else are left undecided: word boundaries,
 * multi-line mode, Unicode classes, case-insensitive letters beyond ASCII.
 */

class Undecided extends Error {}

/** Code points beyond the first plane, as two units. */
const BEYOND: Pattern = sequence(unit([0xd800, 0xdbff]), unit([0xdc00, 0xdfff]));

const DIGITS: readonly Range[] = [[0x30, 0x39]];
const SPACES: readonly Range[] = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];
const WORDS: readonly Range[] = [...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];

const CLASSES: Readonly<Record<string, readonly Range[]>> = { d: DIGITS, s: SPACES, w: WORDS };

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

/** Longest repetition that is written out. */
const MOST_REPEATED = 200;

/** The pattern of a valid expression that has to match the whole text; `null` if it is left undecided. */
export const readRegex = (source: string, caseless = false): Pattern | null => {
  try {
    return new Reader(source, caseless).read();
  } catch (error) {
    if (error instanceof Undecided) return null;
    throw error;
  }
};

class Reader {
  readonly #source: string;
  #caseless: boolean;
  #at = 0;

  constructor(source: string, caseless: boolean) {
    this.#source = source;
    this.#caseless = caseless;
  }

  read(): Pattern {
    if (this.#takes('(?i)')) this.#caseless = true;
    const found = this.#choice();
    if (this.#at < this.#source.length) throw new Undecided();
    return found;
  }

  #choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#takes('|')) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] ? parts[0] : choice(...parts);
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) parts.push(this.#repeated(this.#atom()));
    return sequence(...parts);
  }

  #repeated(part: Pattern): Pattern {
    const [text, simple, least, comma, most] =
      /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(this.#source.slice(this.#at, this.#at + 12)) ?? [];
    if (text === undefined) return part;
    this.#at += text.length;
    this.#takes('?');
    if (/^(?:[*+?]|\{\d)/.test(this.#source.slice(this.#at))) throw new Undecided();
    if (simple !== undefined) return repeat(part, simple === '+' ? 1 : 0, simple === '?' ? 1 : null);
    const highest = comma === undefined ? Number(least) : most === '' ? null : Number(most);
    if (Number(least) > MOST_REPEATED || (highest ?? 0) > MOST_REPEATED) throw new Undecided();
    return repeat(part, Number(least), highest);
  }

  #atom(): Pattern {
    const character = this.#source[this.#at] ?? '';
    this.#at += 1;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '.':
        return choice(unit(...complement([[10, 10]])), BEYOND);
      case '^':
        return { is: 'start' };
      case '$':
        return { is: 'end' };
      case '\\':
        return this.#escape();
      default:
        return this.#character(character);
    }
  }

  #group(): Pattern {
    const before = this.#caseless;
    if (this.#takes('?i:')) this.#caseless = true;
    else if (/^\?P?<[A-Za-z]\w*>/.test(this.#source.slice(this.#at))) this.#at = this.#source.indexOf('>', this.#at) + 1;
    else if (!this.#takes('?:') && this.#sees('?')) throw new Undecided();
    const found = this.#choice();
    if (!this.#takes(')')) throw new Undecided();
    this.#caseless = before;
    return found;
  }

  #escape(): Pattern {
    const character = this.#source[this.#at] ?? '';
    if (character === 'A' || character === 'z') {
      this.#at += 1;
      return { is: character === 'A' ? 'start' : 'end' };
    }
    const ranges = this.#classEscape();
    if (ranges !== null) return ranges.some(([, last]) => last === LAST_UNIT) ? choice(unit(...ranges), BEYOND) : unit(...ranges);
    return this.#character(String.fromCharCode(this.#escapedCode()));
  }

  /** `\d` and the like, after the backslash. */
  #classEscape(): readonly Range[] | null {
    const character = this.#source[this.#at] ?? '';
    const ranges = CLASSES[character.toLowerCase()];
    if (ranges === undefined) return null;
    this.#at += 1;
    return character === character.toLowerCase() ? ranges : complement(ranges);
  }

  #escapedCode(): number {
    const rest = this.#source.slice(this.#at);
    const [written, short, long] = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,4})\})/.exec(rest) ?? [];
    if (written !== undefined) {
      this.#at += written.length;
      return Number.parseInt(short ?? long ?? '', 16);
    }
    const character = rest[0] ?? '';
    this.#at += 1;
    const control = CONTROLS[character];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(character) || character === '') throw new Undecided();
    return character.charCodeAt(0);
  }

  #class(): Pattern {
    const negated = this.#takes('^');
    const ranges: Range[] = [];
    do {
      if (this.#at >= this.#source.length || this.#sees('[:')) throw new Undecided();
      ranges.push(...this.#classPart());
    } while (!this.#takes(']'));
    const folded = this.#caseless ? ranges.flatMap(foldedRange) : ranges;
    return negated ? choice(unit(...complement(folded)), BEYOND) : unit(...folded);
  }

  #classPart(): readonly Range[] {
    if (this.#takes('\\')) {
      const ranges = this.#classEscape();
      if (ranges !== null) return ranges;
      return this.#rangeFrom(this.#escapedCode());
    }
    return this.#rangeFrom(this.#plainCode());
  }

  #rangeFrom(first: number): readonly Range[] {
    if (!this.#sees('-') || this.#source[this.#at + 1] === ']') return [[first, first]];
    this.#at += 1;
    return [[first, this.#takes('\\') ? this.#escapedCode() : this.#plainCode()]];
  }

  #plainCode(): number {
    const code = this.#source.charCodeAt(this.#at);
    this.#at += 1;
    if (code >= 0xd800 && code <= 0xdfff) throw new Undecided();
    return code;
  }

  #character(character: string): Pattern {
    if (!this.#caseless) return unit([character.charCodeAt(0), character.charCodeAt(0)]);
    if (character > '\x7f') throw new Undecided();
    return foldedUnit(character);
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #takes(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }
}

/** A range with the other case of the ASCII letters in it. Beyond ASCII there are too many. */
const foldedRange = ([first, last]: Range): readonly Range[] => {
  if (first > 0x7f) throw new Undecided();
  const other = (low: number, high: number, by: number): readonly Range[] => {
    const [from, to] = [Math.max(first, low), Math.min(last, high)];
    return from > to ? [] : [[from + by, to + by]];
  };
  const more = (letter: number, code: number): readonly Range[] => (first <= letter && letter <= last ? [[code, code]] : []);
  const beyond = [...more(0x6b, 0x212a), ...more(0x4b, 0x212a), ...more(0x73, 0x17f), ...more(0x53, 0x17f)];
  return [[first, last], ...other(0x61, 0x7a, -32), ...other(0x41, 0x5a, 32), ...beyond];
};
