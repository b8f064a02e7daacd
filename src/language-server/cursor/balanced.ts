const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** The flow collections that a text leaves open, innermost first, as what would close them. Quotes and comments are passed over. */
const stillOpen = (text: string): readonly string[] => {
  const open: string[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|(?<=[\s:,[{])'[^'\n]*'|(?<=^|\s)#.*$|\$\{|[{}[\]]/gm)) {
    const closing = CLOSING[token];
    if (closing !== undefined) open.push(closing);
    else if (token === open.at(-1)) open.pop();
  }
  return open.reverse();
};

/** The text with the flow collections closed at the end of the cursor's line that nothing closes: those that are being written. */
export const balanced = (text: string, cursor: number): string => {
  const newline = text.indexOf('\n', cursor);
  const end = newline < 0 ? text.length : newline;
  if (stillOpen(text).length === 0) return text;
  const missing = stillOpen(text.slice(0, end)).join('');
  return `${text.slice(0, end)} ${missing}${text.slice(end)}`;
};
