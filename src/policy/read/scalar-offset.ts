/*
 * Where a character of a YAML scalar's value stands in the source. Source and value are walked side by
 * side: equal characters go together, an escape goes with what it stands for, and white space or a doubled
 * quote that the value lost to folding is stepped over. At a folded line break the answer may be a few
 * columns early, never on another line of the scalar.
 */

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['x', 4],
  ['u', 6],
  ['U', 10],
]);

/** How many source characters the escape at `at` takes, and how many of the value; a line break escaped takes none. */
const escapeLength = (raw: string, at: number): { source: number; value: number } => {
  const letter = raw[at + 1] ?? '';
  if (letter === '\n' || letter === '\r') return { source: 2, value: 0 };
  const source = ESCAPES.get(letter) ?? 2;
  const astral = letter === 'U' && Number.parseInt(raw.slice(at + 2, at + 10), 16) > 0xffff;
  return { source, value: astral ? 2 : 1 };
};

const contentStart = (raw: string): number => {
  if (raw.startsWith('|') || raw.startsWith('>')) return raw.indexOf('\n') + 1;
  return raw.startsWith('"') || raw.startsWith("'") ? 1 : 0;
};

/** Offset within `raw` (the scalar as written, quotes included) of the character `index` of its `value`. */
export const scalarOffset = (raw: string, value: string, index: number): number => {
  const quoted = raw.startsWith('"');
  let source = contentStart(raw);
  let done = 0;
  while (source < raw.length && (done < index || raw[source] !== value[done])) {
    if (quoted && raw[source] === '\\') {
      if (done >= index) break;
      const step = escapeLength(raw, source);
      source += step.source;
      done += step.value;
    } else {
      if (raw[source] === value[done] && done < index) done += 1;
      source += 1;
    }
  }
  return Math.min(source, raw.length);
};
