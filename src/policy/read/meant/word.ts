/** The entry of a table for a word; `null` if there is none. */
export const own = (words: Readonly<Record<string, string>> | undefined, word: string): string | null =>
  words !== undefined && Object.hasOwn(words, word) ? (words[word] ?? null) : null;

/** `MAIL FROM`, `mail-from` and `mail_from` are one word. */
export const plain = (word: string): string => word.toLowerCase().replace(/[\s-]+/g, '_');
