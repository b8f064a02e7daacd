import { printable } from '../../site/logs/printable.ts';
import type { Terminal } from './terminal.ts';

/** Control and format characters (C0, C1, bidirectional marks and overrides, zero-width ones, tags) and line separators; LF and tab stay. */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What a next hop, a client or a file wrote, shown without what a terminal would obey or a reader be deceived by. */
export const visible = (text: string): string => text.replace(HIDDEN, '\uFFFD');

/** Our own colours, as `painter` sets and ends them. */
const ESCAPE = String.fromCharCode(27);
const COLOUR = /^.\[(?:1|2|22|3[1-6]|39|90)m$/su;

const PLAIN = /^[\n\t -~]*$/;
const HIDDEN_OR_COLOUR = /\p{Cc}\[\d{1,2}m|(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** As JSON has it (RFC 8259 7), so that parsers lose nothing. */
const shown = (text: string, color: boolean): string =>
  PLAIN.test(text)
    ? text
    : text.replace(HIDDEN_OR_COLOUR, (found) => (color && found.startsWith(ESCAPE) && COLOUR.test(found) ? found : printable(found)));

/** The same terminal, which no output of ours can deceive, whichever command it comes from. */
export const safely = (terminal: Terminal): Terminal => ({
  out: (text) => terminal.out(shown(text, terminal.color)),
  err: (text) => terminal.err(shown(text, terminal.color)),
  color: terminal.color,
  get exitCode() {
    return terminal.exitCode;
  },
  set exitCode(code) {
    terminal.exitCode = code;
  },
});
