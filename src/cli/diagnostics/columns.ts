/*
 * How wide a terminal shows a text: East Asian wide characters and emoji take two columns (Unicode Standard Annex 11),
 * combining marks none. Terminals differ in the rarest ones.
 */

const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;
const HALF_WIDTH = /^[\uff61-\uffdc]$/;
const COMBINING = /^[\p{Mn}\p{Me}]$/u;

/** Columns of a terminal that a text takes. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
};

const widthOf = (character: string): number => {
  if (character <= '\u02ff') return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) && !HALF_WIDTH.test(character) ? 2 : 1;
};
