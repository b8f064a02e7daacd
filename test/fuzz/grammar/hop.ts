import { mutatedText } from '../mutate.ts';
import type { Random } from '../random.ts';

const EXTENSIONS = [
  'PIPELINING',
  '8BITMIME',
  'SMTPUTF8',
  'DSN',
  'SIZE',
  'SIZE 10',
  'SIZE -1',
  'SIZE 99999999999999999999',
  'STARTTLS',
  'AUTH PLAIN',
  'CHUNKING',
  'X '.repeat(100),
] as const;
const ENHANCED = ['2.0.0 ', '5.7.1 ', '4.0.0 ', '9.9.9 ', ''] as const;
const USUAL: Readonly<Record<string, string>> = {
  EHLO: '250',
  HELO: '250',
  LHLO: '250',
  MAIL: '250',
  RCPT: '250',
  DATA: '354',
  RSET: '250',
  QUIT: '221',
  '.': '250',
};

const text = (random: Random): string =>
  random.pick(['ok', '', '\x1b[31m', '\xe2\x80\xae', '\0', 'x'.repeat(random.length(3000)), '\r', 'a\nb']);

/** What a next hop says to a command; `null`: it hangs up. Latin1. */
export const hopReply = (random: Random, verb: string): string | null => {
  if (random.chance(0.03)) return null;
  const code = random.chance(0.8)
    ? (USUAL[verb] ?? '220')
    : random.pick(['250', '354', '421', '450', '452', '501', '503', '550', '554', '099', '999', '2', '']);
  const lines =
    verb === 'EHLO'
      ? ['hop.test', ...random.several(0, 6, () => random.pick(EXTENSIONS))]
      : random.several(1, random.chance(0.1) ? 200 : 2, () => `${random.pick(ENHANCED)}${text(random)}`);
  const reply = lines.map((line, at) => `${code}${at === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join('');
  return mutatedText(random, reply, 0.85);
};
