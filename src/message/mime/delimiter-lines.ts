/*
 * The delimiter lines of a multipart. Our parser accepts only exact ones (RFC 2046 5.1.1); others accept every line
 * that begins like one, and continue after the closing one. A message in which the two differ is in doubt.
 */

/** A part as the parser knows it. */
export interface DelimitedPart {
  readonly parentNode: DelimitedPart | false;
  readonly multipart: string | false;
  readonly _boundary: Buffer | false;
}

interface State {
  opened: boolean;
  closed: boolean;
  /** It contains something other than white space and delimiter lines. */
  filled: boolean;
}

/** A line that is neither empty nor a delimiter of any boundary. */
const SOMETHING = /^(?!--)[^\n]*\S/m;

const LF = 0x0a;
const CR = 0x0d;

export class DelimiterLines {
  readonly #states = new Map<DelimitedPart, State>();
  #doubt: string | null = null;

  /** Why readers may split the message differently, so far. */
  get doubt(): string | null {
    return this.#doubt;
  }

  /** Reads bytes that belong to `part`: its body, or text between its parts. Lines come whole, except very long ones. */
  read(part: DelimitedPart, bytes: Buffer): void {
    for (let owner: DelimitedPart | false = part; owner; owner = owner.parentNode)
      if (owner._boundary) this.#find(owner, owner._boundary, bytes);
    if (part.multipart !== false) this.#state(part).filled ||= SOMETHING.test(bytes.toString('latin1', 0, 4096));
  }

  /** Call when the whole message has been read. */
  end(): string | null {
    for (const [, { opened, filled }] of this.#states) if (filled && !opened) this.#doubt ??= 'a multipart without parts';
    return this.#doubt;
  }

  #state(part: DelimitedPart): State {
    const state = this.#states.get(part) ?? { opened: false, closed: false, filled: false };
    this.#states.set(part, state);
    return state;
  }

  #find(owner: DelimitedPart, boundary: Buffer, bytes: Buffer): void {
    const delimiter = Buffer.concat([Buffer.from('--'), boundary]);
    for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + 1)) {
      const before = bytes[at - 1];
      if (at > 0 && before !== LF && before !== CR) continue;
      this.#delimiter(this.#state(owner), lineAt(bytes, at + delimiter.length));
    }
  }

  #delimiter(state: State, rest: string): void {
    if (!/^(?:--)?[ \t]*\r*$/.test(rest)) this.#doubt ??= 'a line that begins like the end of a part';
    else if (state.closed) this.#doubt ??= 'a multipart that goes on after its end';
    else if (rest.startsWith('--')) state.closed = true;
    else state.opened = true;
  }
}

const lineAt = (bytes: Buffer, start: number): string => {
  const end = bytes.indexOf(LF, start);
  return bytes.toString('latin1', start, Math.min(end < 0 ? bytes.length : end, start + 2000));
};
