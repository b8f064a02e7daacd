const PLAIN = /^[\n -~]*$/;

/** Control and format characters (C0, C1, bidirectional marks and overrides, zero-width ones, tags) and line separators; the LF that ends a line stays. */
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/**
 * A line of JSON as a terminal can show it without being deceived: what is invisible, moves the cursor or turns the
 * direction of writing is escaped as JSON has it (RFC 8259 7), so that parsers of the line lose nothing.
 */
export const printable = (line: string): string => (PLAIN.test(line) ? line : line.replace(HIDDEN, escaped));
