/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions, neighbours swapped. */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const plain = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + cost);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(swapped ? Math.min(plain, at(before, column - 2) + 1) : plain);
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

/** Longest word worth comparing: nobody misspells a name of this length. */
const MAX_LENGTH = 64;

/** The known name that `word` was probably meant to be; `null` if none is near enough to be said aloud. */
export const nearest = (word: string, known: Iterable<string>): string | null => {
  if (word.length > MAX_LENGTH) return null;
  const wanted = simplified(word);
  const tolerance = Math.max(1, Math.floor(wanted.length / 4));
  let best: string | null = null;
  let bestDistance = tolerance + 1;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > tolerance + 1) continue;
    const distance = editDistance(wanted, simplified(name));
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
};

/** `Reply-To`, `reply_to` and `reply.to` are one name misspelt. */
const simplified = (name: string): string => name.toLowerCase().replace(/[_. -]/g, '.');

/** The known name that `word` was probably meant to be, and whether that leaves no doubt: one letter apart, and none else as near. */
export const suggested = (word: string, known: Iterable<string>): { readonly name: string; readonly sure: boolean } | null => {
  const candidates = [...known];
  const name = nearest(word, candidates);
  if (name === null) return null;
  const distance = distanceOf(word, name);
  const isAlone = candidates.every((other) => other === name || distanceOf(word, other) > Math.max(distance, 1));
  return { name, sure: isAlone && (distance === 0 || (distance === 1 && word.length > 2)) };
};

const distanceOf = (word: string, name: string): number =>
  Math.abs(word.length - name.length) > 2 ? Number.POSITIVE_INFINITY : editDistance(simplified(word), simplified(name));

/** `Did you mean whom?`, or what else there is to say. */
export const didYouMean = (word: string, known: Iterable<string>, otherwise: string): string => {
  const candidates = [...known];
  const near = nearest(word, candidates);
  return near === null ? otherwise : `Did you mean ${near}?`;
};

/** The first of many names, for a message that must stay one line. */
export const listed = (names: readonly string[], most = 12): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
