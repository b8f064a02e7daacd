import { isIPv6 } from 'node:net';
import { wireAddress } from '../policy/mailbox.ts';

/** How a message was received, for `with` in a trace field (RFC 3848, RFC 6531 4.3). */
export interface Protocol {
  readonly verb: 'HELO' | 'EHLO' | 'LHLO';
  readonly smtputf8: boolean;
  readonly tls: boolean;
  readonly authenticated: boolean;
}

export interface Arrival {
  /** Our own name. */
  readonly hostname: string;
  /** As the client gave it. */
  readonly helo: string;
  /** `null` if there is none or it was not looked up. */
  readonly rdns: string | null;
  /** Empty for a client on a unix socket. */
  readonly ip: string;
  readonly protocol: Protocol;
  /** The queue id. */
  readonly id: string;
  /** Named only if there is a single one, so that no recipient learns of another (RFC 5321 7.2). */
  readonly recipients: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const LONGEST = 255;
const LONGEST_PATH = 320;

const two = (value: number): string => String(value).padStart(2, '0');

/** A time (epoch milliseconds) in the format of RFC 5322 3.3, in UTC. */
export const dateTime = (at: number): string => {
  const date = new Date(at);
  const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
};

/** The word after `with`: `ESMTPSA`, `UTF8LMTP`. */
export const protocolName = ({ verb, smtputf8, tls, authenticated }: Protocol): string => {
  if (verb === 'HELO') return 'SMTP';
  const family = verb === 'LHLO' ? 'LMTP' : smtputf8 ? 'SMTP' : 'ESMTP';
  return `${smtputf8 ? 'UTF8' : ''}${family}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`;
};

/** The name a client gives must neither break the field nor open a comment: unusual characters become `?`. */
const plainName = (name: string): string => name.slice(0, LONGEST).replace(/[^\w.:[\]-]/g, '?') || '?';

const literal = (ip: string): string => (ip === '' ? '' : isIPv6(ip) ? ` [IPv6:${ip}]` : ` [${ip}]`);

/** The path of a sole recipient; left out if it does not fit a field or would make an ASCII message international. */
const forRecipient = ([recipient, ...more]: readonly string[], smtputf8: boolean): string => {
  if (recipient === undefined || more.length > 0) return '';
  const address = wireAddress(recipient);
  const fits = Buffer.byteLength(address) <= LONGEST_PATH && !/[\p{Cc}<>]/u.test(address) && (smtputf8 || !/[^\p{ASCII}]/u.test(address));
  return fits ? `\r\n\tfor <${address}>` : '';
};

/** The Received field that every relay puts on top (RFC 5321 4.4), folded, closing CRLF included. */
export const receivedField = (arrival: Arrival): string => {
  const client = `${arrival.rdns === null ? 'unknown' : plainName(arrival.rdns)}${literal(arrival.ip)}`;
  const from = `from ${plainName(arrival.helo)} (${client})`;
  const by = `by ${arrival.hostname} with ${protocolName(arrival.protocol)} id ${arrival.id}`;
  return `Received: ${from}\r\n\t${by}${forRecipient(arrival.recipients, arrival.protocol.smtputf8)};\r\n\t${dateTime(arrival.at)}\r\n`;
};

/** The field a final delivery puts on top (RFC 5321 4.4); `<>` for the null sender. */
export const returnPath = (sender: string): string => `Return-Path: <${wireAddress(sender).replace(/[\p{Cc}<>]/gu, '?')}>\r\n`;
