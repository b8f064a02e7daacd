import { type Mailbox, parseMailbox } from '../../policy/mailbox-syntax.ts';

/** The parsed argument of MAIL or RCPT, `<path> KEY=value ...`; the path without its brackets. */
export interface PathArgument {
  readonly path: string;
  readonly parameters: string;
}

/** RFC 5321 appendix C: a source route is accepted and ignored. */
const SOURCE_ROUTE = /^@[^\s,:@"]+(?:,@[^\s,:@"]+)*:/;

/**
 * Splits what follows `FROM:` or `TO:`. A closing bracket inside a quoted local part does not count. `null` if there
 * are no brackets (unless `bare` allows that) or if anything but a space follows them.
 */
export const splitPath = (text: string, bare = false): PathArgument | null => {
  const start = text.trimStart();
  if (bare && /^[^<>\s]/.test(start)) return barePath(start);
  const end = closingBracket(start);
  if (end < 0 || (end + 1 < start.length && start[end + 1] !== ' ')) return null;
  return { path: start.slice(1, end).replace(SOURCE_ROUTE, ''), parameters: start.slice(end + 1).trim() };
};

/** The path ends at the first space; a bracket further on means something else. */
const barePath = (text: string): PathArgument | null => {
  const [path = ''] = text.split(' ', 1);
  return /[<>]/.test(path) ? null : { path, parameters: text.slice(path.length).trim() };
};

const closingBracket = (text: string): number => {
  if (text[0] !== '<') return -1;
  let quoted = false;
  for (let i = 1; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && quoted) i++;
    else if (character === '"') quoted = !quoted;
    else if (character === '>' && !quoted) return i;
    else if (character === '<' && !quoted) return -1;
  }
  return -1;
};

/** RFC 5321 4.5.1: RCPT accepts `<postmaster>` without a domain: the postmaster of this host. */
export const parseRecipient = (path: string, utf8: boolean, hostname: string): Mailbox | null => {
  if (path.toLowerCase() === 'postmaster') return { address: `${path}@${hostname}`, local: path, domain: hostname };
  return parseMailbox(path, utf8);
};
