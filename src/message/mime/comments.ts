/** A field's text without its comments (RFC 5322 3.2.2), including nested ones; quoted text stays, and so do unclosed comments. */
export const withoutComments = (text: string): string => {
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const end = text[at] === '"' ? quoteEnd(text, at) : text[at] === '(' ? commentEnd(text, at) : at + 1;
    if (text[at] !== '(' || end === at + 1) kept += text.slice(at, end);
    at = end;
  }
  return kept;
};

const quoteEnd = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
};

/** Position after the closing parenthesis; `start + 1` if there is none. */
const commentEnd = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return start + 1;
};
