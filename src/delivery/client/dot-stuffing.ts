const LF = 0x0a;
const DOT = 0x2e;
const STUFFED = Buffer.from('\n..');
const LINE_DOT = Buffer.from('\n.');

const END = Buffer.from('.\r\n');
const END_OF_LINE_TOO = Buffer.from('\r\n.\r\n');

/** The line that ends the content; `terminator(false)` ends an unfinished line first. Bytes, since a write of text among bytes costs more. */
export const terminator = (atLineStart: boolean): Buffer => (atLineStart ? END : END_OF_LINE_TOO);

/** Whether the next byte after `bytes` begins a line. */
export const endsLine = (bytes: Buffer, before: boolean): boolean => (bytes.length === 0 ? before : bytes[bytes.length - 1] === LF);

/**
 * Doubles each dot at the start of a line (RFC 5321 4.5.2) and changes nothing else. Line ends are not
 * repaired: a line that appears only after policy has run is how mail is smuggled. Content without such a
 * dot, nearly all of it, is returned uncopied; the search is the runtime's own, not a loop over bytes.
 * @param atLineStart Whether the bytes begin a line: at the start of the content, or after a line feed
 */
export const stuffDots = (bytes: Buffer, atLineStart: boolean): Buffer => {
  const leading = atLineStart && bytes[0] === DOT;
  const places = lineDots(bytes);
  if (places.length === 0) return leading ? Buffer.concat([LINE_DOT.subarray(1), bytes]) : bytes;
  return insertDots(bytes, places, leading);
};

const lineDots = (bytes: Buffer): readonly number[] => {
  const places: number[] = [];
  for (let at = bytes.indexOf(LINE_DOT); at >= 0; at = bytes.indexOf(LINE_DOT, at + 2)) places.push(at);
  return places;
};

const insertDots = (bytes: Buffer, places: readonly number[], leading: boolean): Buffer => {
  const out = Buffer.allocUnsafe(bytes.length + places.length + Number(leading));
  let written = leading ? out.write('.', 'latin1') : 0;
  let from = 0;
  for (const at of places) {
    written += bytes.copy(out, written, from, at);
    written += STUFFED.copy(out, written);
    from = at + LINE_DOT.length;
  }
  bytes.copy(out, written, from);
  return out;
};
