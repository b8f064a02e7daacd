import type { RawHeader } from '../header.ts';

/*
 * Which fields a signature covers, RFC 6376 5.4: what a reader sees and what tells how to read it, none
 * that hops on the way write or change. A field named once more than it stands cannot be added by a
 * stranger later without breaking the signature (8.15).
 */

/** Closed against additions even where the message has none. */
const CLOSED = ['from', 'reply-to', 'subject', 'to', 'cc'];
/** Closed against additions where the message has one; a later hop may add what is missing (RFC 6409 8). */
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

/** The names of `h=`, one for each field that is covered, in lower case. */
export const signedNames = (header: RawHeader): readonly string[] => [
  ...CLOSED.flatMap((name) => repeated(name, header.count(name) + 1)),
  ...CLOSED_IF_PRESENT.flatMap((name) => repeated(name, header.count(name) === 0 ? 0 : header.count(name) + 1)),
  ...SIGNED.flatMap((name) => repeated(name, header.count(name))),
];

const repeated = (name: string, times: number): readonly string[] => Array.from({ length: times }, () => name);
