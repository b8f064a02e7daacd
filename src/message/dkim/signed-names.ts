import type { RawHeader } from '../header.ts';

/*
 * Which fields a signature covers, RFC 6376 5.4: those that readers see or that say how to read the message, but none
 * that hops on the way add or change. A field named once more often than it occurs cannot be added later
 * without breaking the signature (8.15).
 */

/** Protected against additions even if the message has none. */
const CLOSED = ['from', 'reply-to', 'subject', 'to', 'cc'];
/** Protected against additions if the message has one; otherwise a later hop may add it (RFC 6409 8). */
const CLOSED_IF_PRESENT = ['sender', 'date', 'message-id', 'mime-version', 'content-type', 'content-transfer-encoding'];
const SIGNED = [
  'in-reply-to',
  'references',
  'content-id',
  'content-description',
  'content-disposition',
  'auto-submitted',
  'list-id',
  'list-help',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
  'resent-from',
  'resent-sender',
  'resent-to',
  'resent-cc',
  'resent-date',
  'resent-message-id',
];

/** The names of `h=`, one for each covered field, in lower case. */
export const signedNames = (header: RawHeader): readonly string[] => [
  ...CLOSED.flatMap((name) => repeated(name, header.count(name) + 1)),
  ...CLOSED_IF_PRESENT.flatMap((name) => repeated(name, header.count(name) === 0 ? 0 : header.count(name) + 1)),
  ...SIGNED.flatMap((name) => repeated(name, header.count(name))),
];

const repeated = (name: string, times: number): readonly string[] => Array.from({ length: times }, () => name);
