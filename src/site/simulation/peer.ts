import { parseMailbox } from '../../policy/mailbox-syntax.ts';
import { parseRecipient, splitPath } from '../../smtp/syntax/path.ts';
import type { Entrance } from '../../transaction/session-state.ts';
import type { TlsState } from '../../transaction/tls-state.ts';
import type { MailParameters, TransactionStart } from '../../transaction/transaction.ts';
import type { RelayConfig } from '../config/config.ts';
import { givenNumber, givenText, type Script } from './script.ts';

/** The listener that a script names; a script that names none comes in somewhere that asks for no AUTH. */
export const entranceOf = (script: Script, { listeners }: RelayConfig): Entrance => {
  const name = givenText(script, 'listener') ?? '';
  return listeners.find((listener) => listener.name === name) ?? { name, auth: 'none' };
};

/** `null` in plain text. */
export const tlsOf = (script: Script): TlsState | null =>
  script.given.get('tls.active') !== true
    ? null
    : {
        version: givenText(script, 'tls.version') ?? 'TLSv1.3',
        cipher: givenText(script, 'tls.cipher') ?? '',
        sni: givenText(script, 'tls.sni'),
        clientSubject: givenText(script, 'tls.client_subject'),
        clientFingerprint: givenText(script, 'tls.client_fingerprint'),
      };

/** True where the client says EHLO in plain text first, and again behind STARTTLS. */
export const saysStartTls = (script: Script, { listeners }: RelayConfig): boolean =>
  listeners.some(({ name, tls }) => name === givenText(script, 'listener') && tls === 'starttls');

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

/** A script with addresses beyond ASCII has SMTPUTF8, unless it says otherwise. */
const saysSmtputf8 = (script: Script): boolean => {
  const given = script.given.get('message.smtputf8');
  if (typeof given === 'boolean') return given;
  const addresses = [givenText(script, 'sender.address') ?? '', ...script.recipients.map((recipient) => recipient ?? '')];
  return !addresses.every(isAscii);
};

const parametersOf = (script: Script): MailParameters => ({
  size: givenNumber(script, 'message.declared_size'),
  body: script.message?.some((byte) => byte > 0x7f) === true ? '8bitmime' : '7bit',
  smtputf8: saysSmtputf8(script),
});

/** `<a@b>`, `a@b` and `a@b` behind a source route, as MAIL and RCPT read them; `null` for what is no path. */
const pathOf = (text: string): string | null => {
  const split = splitPath(text.startsWith('<') ? text : `<${text}>`);
  return split === null || split.parameters !== '' ? null : split.path;
};

/** `null`: the sender is not an address. */
export const startOf = (script: Script): TransactionStart | null => {
  const parameters = parametersOf(script);
  const path = pathOf(givenText(script, 'sender.address') ?? '');
  const sender = path === '' ? '' : path === null ? undefined : parseMailbox(path, parameters.smtputf8)?.address;
  return sender === undefined ? null : { sender, parameters };
};

/** The address RCPT would read; `null` if it would read none. */
export const recipientOf = (script: Script, text: string, hostname: string): string | null => {
  const path = pathOf(text);
  return path === null ? null : (parseRecipient(path, saysSmtputf8(script), hostname)?.address ?? null);
};
