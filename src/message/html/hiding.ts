/*
 * How CSS hides text from a reader. Inner elements can undo all but `gone`; `doubtful` is hiding that only some
 * mail programs honour: style sheets, colours, boxes of no size.
 */

export interface Hiding {
  /** `display: none`. */
  readonly gone?: boolean;
  /** `visibility`. */
  readonly invisible?: boolean;
  /** `font-size` of at most one pixel; not set if it is relative to the enclosing element. */
  readonly tiny?: boolean;
  readonly doubtful?: boolean;
}

type Declarations = ReadonlyMap<string, string>;

const INTERESTING = /display|visibility|font|opacity|color|background|width|height|mso-hide|indent|left|top|clip|transform/i;

/** Longer than any legitimate style; beyond this the effect is unknown. */
const LONGEST = 4096;

/** Reads the text of a `style` attribute or of a rule; `null` if it hides nothing. */
export const hidingOf = (style: string): Hiding | null => {
  if (style.length > LONGEST) return { doubtful: true };
  if (!INTERESTING.test(style.includes('\\') ? unescaped(style) : style)) return null;
  const said = declarations(unescaped(style.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '')));
  return {
    gone: said.get('display') === 'none',
    ...invisible(said.get('visibility')),
    ...tiny(said.get('font-size') ?? shorthandSize(said.get('font'))),
    doubtful: DOUBTFUL.some((test) => test(said)),
  };
};

/** CSS Syntax 4.3.7. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:([0-9a-f]{1,6})\s?|([^\n]))/gi, (_escape, hex: string | undefined, sign: string | undefined) =>
    hex === undefined ? (sign ?? '') : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
  );

/** The last declaration of a property wins, unless an earlier one is `!important`. */
const declarations = (style: string): Declarations => {
  const said = new Map<string, string>();
  const important = new Set<string>();
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const written = declaration
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    const isImportant = /!\s{0,9}important$/.test(written);
    if (property === '' || (important.has(property) && !isImportant)) continue;
    if (isImportant) important.add(property);
    said.set(property, written.replace(/!\s{0,9}important$/, '').trim());
  }
  return said;
};

const invisible = (visibility: string | undefined): Hiding => {
  if (visibility === 'hidden' || visibility === 'collapse') return { invisible: true };
  return visibility === 'visible' ? { invisible: false } : {};
};

const LENGTH = /^([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|%|cm|mm|in|pc|q|vh|vw)?$/;
const RELATIVE: ReadonlySet<string> = new Set(['em', 'ex', 'ch', '%']);

const tiny = (size: string | undefined): Hiding => {
  if (size === undefined) return {};
  const [, number = '', unit = ''] = LENGTH.exec(size) ?? [];
  if (number === '') return /^(?:(?:xx?-)?(?:small|large)|medium|xxx-large)$/.test(size) ? { tiny: false } : {};
  const value = Number(number);
  if (RELATIVE.has(unit)) return value === 0 ? { tiny: true } : {};
  return { tiny: value === 0 || ((unit === 'px' || unit === 'pt') && value <= 1) };
};

/** `bold 0/1.2 Arial`. */
const shorthandSize = (font: string | undefined): string | undefined =>
  font
    ?.split(/\s+/)
    .map((part) => part.split('/')[0] ?? '')
    .find((part) => LENGTH.test(part) && (/\D$/.test(part) || Number(part) === 0));

const isZero = (value: string | undefined): boolean =>
  value !== undefined && /^[+-]?0*\.?0*(?:[a-z%]*)$/.test(value) && value.includes('0');

const isTransparent = (color: string | undefined): boolean =>
  color !== undefined && (color === 'transparent' || /^(?:rgb|hsl)a?\(.*[,/]\s*0*\.?0+%?\s*\)$/.test(color.slice(0, 80)));

/** White text is invisible unless the background has been set to something other than white. */
export const isWhite = (color: string | undefined): boolean =>
  color !== undefined &&
  /^(?:white|snow|#f[a-f]f[a-f]f[a-f]|#fff|rgb\(\s*25\d\s*,\s*25\d\s*,\s*25\d\s*\))$/.test(color.trim().toLowerCase());

const isFarOff = (length: string | undefined): boolean => length !== undefined && /^-\d{3,}/.test(length);

const DOUBTFUL: readonly ((said: Declarations) => boolean)[] = [
  (said) => /^\+?0*\.?0[0-9]?$/.test(said.get('opacity') ?? ''),
  (said) => isTransparent(said.get('color')) || isWhite(said.get('color')),
  (said) => said.get('mso-hide') === 'all',
  (said) => ['text-indent', 'left', 'top', 'margin-left'].some((property) => isFarOff(said.get(property))),
  (said) => /^rect\((?:\s*[01](?:px)?[\s,]*){4}\)$/.test(said.get('clip') ?? '') || /^scale\(\s*0/.test(said.get('transform') ?? ''),
  (said) => said.has('color') && (said.get('color') === said.get('background-color') || said.get('color') === said.get('background')),
  (said) =>
    said.get('overflow') === 'hidden' && ['height', 'width', 'max-height', 'max-width'].some((property) => isZero(said.get(property))),
];
