import type { Fix, Span } from '../diagnostic.ts';
import { flow } from '../read/meant/written.ts';
import { suggested } from '../suggest.ts';
import type { Scalar } from '../value.ts';

/** What to write, in words and for machines. */
export interface Advice {
  readonly help: string;
  readonly fixes: readonly Fix[];
}

/** Other text in a place, as it is to stand there. */
export const rewritten = (at: Span, text: string, safe = false): Fix => ({ title: `Write ${text}`, safe, edits: [{ at, text }] });

/** Another value in a place, in quotes where YAML needs them; none for a text that is too long to be written anew. */
export const revalued = (at: Span, value: Scalar, safe = false): readonly Fix[] => {
  const text = flow(value);
  return text === '…' ? [] : [rewritten(at, text, safe)];
};

/** A name nobody knows: the one that was probably meant, or what else there is to say. Names that a site chose are never sure. */
export const misspelt = (
  word: string,
  known: Iterable<string>,
  { at, otherwise, ours = false }: { readonly at: Span; readonly otherwise: string; readonly ours?: boolean },
): Advice => {
  const found = suggested(word, known);
  if (found === null) return { help: otherwise, fixes: [] };
  return { help: `Did you mean ${found.name}?`, fixes: [rewritten(at, found.name, ours && found.sure)] };
};
