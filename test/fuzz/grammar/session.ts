import { mutatedText } from '../mutate.ts';
import type { Random } from '../random.ts';
import { address, domain, message } from './message.ts';

/** One thing a client does. Text is latin1. */
export type ClientAction =
  | { readonly do: 'write'; readonly text: string }
  /** Waits for some reply before it goes on. */
  | { readonly do: 'listen' }
  | { readonly do: 'tls'; readonly garbage: string }
  | { readonly do: 'end' }
  | { readonly do: 'reset' };

const write = (text: string): ClientAction => ({ do: 'write', text });
const listen: ClientAction = { do: 'listen' };

const parameters = (random: Random): string =>
  random
    .several(0, 4, () =>
      random.pick([
        ' BODY=8BITMIME',
        ' BODY=BINARYMIME',
        ' SMTPUTF8',
        ' SIZE=100',
        ' SIZE=99999999999',
        ' SIZE=-1',
        ' RET=HDRS',
        ' ENVID=a+2B',
        ' NOTIFY=NEVER',
        ' NOTIFY=SUCCESS,FAILURE',
        ' NOTIFY=NEVER,DELAY',
        ' ORCPT=rfc822;a@b',
        ` ORCPT=rfc822;${'+41'.repeat(random.length(600))}`,
        ' AUTH=<>',
        ' X=Y',
        ' =',
        '  ',
      ]),
    )
    .join('');

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const credentials = (random: Random): string =>
  base64(random.pick(['\0ann\0x', 'ann\0ann\0x', 'bob\0ann\0x', '\0\0', 'ann', '\0ann\0', `\0${'a'.repeat(random.length(5000))}\0x`]));

const path = (random: Random): string =>
  `${random.pick(['<', '<', '<', '', '<<'])}${random.pick(['', '', '@a,@b:'])}${address(random)}${random.pick(['>', '>', '>', '', '>>'])}`;

/** Final dots right and wrong. */
const END = [...Array<string>(14).fill('\r\n.\r\n'), '\n.\n', '\r.\r', '\r\n.\n', '\n.\r\n', '\r\n..\r\n', ''];

const data = (random: Random): readonly ClientAction[] => [
  write('DATA\r\n'),
  ...(random.chance(0.8) ? [listen] : []),
  write(message(random).replace(/(^|\n)\./g, random.chance(0.95) ? '$1..' : '$1.')),
  write(END[random.int(END.length)] ?? ''),
];

const bdat = (random: Random): readonly ClientAction[] =>
  random.several(1, 4, () => {
    const text = message(random);
    const size = random.chance(0.8) ? text.length : random.pick([0, text.length + 1, text.length - 1, 2 ** 31, 2 ** 53]);
    return write(`BDAT ${size}${random.pick(['', '', ' LAST', ' LAST', ' FIRST', ' last x'])}\r\n${text}`);
  });

const command = (random: Random): readonly ClientAction[] =>
  random.pick<() => readonly ClientAction[]>([
    () => [write(`${random.pick(['EHLO', 'HELO', 'ehlo'])} ${domain(random)}\r\n`)],
    () => [write(`MAIL FROM:${path(random)}${parameters(random)}\r\n`)],
    () => [write(`MAIL FROM:<ann@example.org>${parameters(random)}\r\n`)],
    () => [write(`RCPT TO:${path(random)}${parameters(random)}\r\n`)],
    () => [write(`RCPT TO:<${random.pick(['ann', 'bob', 'postmaster'])}@example.com>${parameters(random)}\r\n`)],
    () => data(random),
    () => data(random),
    () => bdat(random),
    () => [write(`AUTH PLAIN ${credentials(random)}\r\n`)],
    () => [
      write('AUTH LOGIN\r\n'),
      write(`${credentials(random)}\r\n`),
      write(`${random.pick(['*', credentials(random), '!!!', ''])}\r\n`),
    ],
    () => [
      write(
        `${random.pick(['RSET', 'NOOP', 'NOOP x', 'HELP', 'VRFY ann', 'EXPN x', 'QUIT', 'STARTTLS', 'GET / HTTP/1.1', 'XCLIENT A=b', ''])}\r\n`,
      ),
    ],
    () => [write(`NOOP ${'x'.repeat(random.length(20_000))}\r\n`)],
    () => [
      write('STARTTLS\r\n'),
      listen,
      { do: 'tls', garbage: random.chance(0.5) ? '' : mutatedText(random, '\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03') },
    ],
    () => [random.pick<ClientAction>([{ do: 'end' }, { do: 'reset' }])],
    () => [listen],
  ])();

/** A usable transaction, so that what comes behind it is reached at all. */
const transaction = (random: Random): readonly ClientAction[] => [
  write(`EHLO ${domain(random)}\r\n`),
  listen,
  write(`MAIL FROM:<ann@example.org>${random.pick(['', ' SMTPUTF8', ' BODY=8BITMIME'])}\r\nRCPT TO:<ann@example.com>\r\n`),
  ...(random.chance(0.5) ? [listen] : []),
  ...(random.chance(0.7) ? data(random) : bdat(random)),
];

const broken = (random: Random, step: ClientAction): ClientAction =>
  step.do === 'write' ? write(mutatedText(random, step.text, 0.97)) : step;

/** What one client does from the greeting on. */
export const session = (random: Random): readonly ClientAction[] => {
  const parts = random.several(1, 8, () => (random.chance(0.3) ? transaction(random) : command(random)));
  return [
    ...(random.chance(0.9) ? [listen] : []),
    ...parts.flat().map((step) => broken(random, step)),
    ...(random.chance(0.6) ? [write('QUIT\r\n')] : []),
  ];
};
