import { withoutComments } from './comments.ts';
import { type PartHeader, textsOf } from './part-header.ts';

/*
 * Whether all readers take a part for the same kind of thing. RFC 2045 and 2046 leave no choice, but mail programs
 * are lenient, each in its own way, and two that part a message at different places see different attachments.
 */

/** RFC 2045 5.1. */
const TYPE = /^\s*([\w!#$&^.+-]+)\/([\w!#$&^.+-]+)\s*(?:;|$)/;

/** Kinds of `message/` that hold no message that somebody might open, or one that is looked into. */
const KNOWN_MESSAGES: ReadonlySet<string> = new Set([
  ...['rfc822', 'global', 'news', 'delivery-status', 'disposition-notification', 'feedback-report', 'tracking-status'],
  ...['global-delivery-status', 'global-disposition-notification', 'global-headers', 'imdn+xml', 'cpim', 'sip', 'sipfrag'],
]);

const IDENTITY: ReadonlySet<string> = new Set(['', '7bit', '8bit', 'binary']);
const DECODED: ReadonlySet<string> = new Set(['base64', 'quoted-printable']);

/** Encodings from before MIME, which some programs still undo. */
const OLD_ENCODINGS = /uu|hqx|binhex|zip|yenc/;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const distinct = (texts: readonly string[]): number => new Set(texts.map(oneLine)).size;

/** Why readers may take a part apart in different ways; `null` if they will not. `boundary`: the one that our parser splits by. */
export const structureDoubt = (header: PartHeader, boundary: string | null): string | null => {
  const types = textsOf(header, 'content-type');
  const encodings = textsOf(header, 'content-transfer-encoding');
  if (header.doubt !== null) return header.doubt;
  if (distinct(types) > 1) return 'Content-Type twice in a part';
  if (distinct(encodings) > 1) return 'Content-Transfer-Encoding twice in a part';
  return typeDoubt(types[0] ?? '', boundary) ?? encodingDoubt(types[0] ?? '', oneLine(encodings[0] ?? '').toLowerCase());
};

const isContainer = (text: string): boolean =>
  /multipart|message/i.test(
    withoutComments(text)
      .split(';')[0]
      ?.replace(/[^a-z]/gi, '') ?? '',
  );

const typeDoubt = (text: string, boundary: string | null): string | null => {
  const [, type = '', subtype = ''] = TYPE.exec(oneLine(text))?.map((part) => part.toLowerCase()) ?? [];
  if (type === '') return isContainer(text) || /boundary|=\?/i.test(text) ? `a malformed Content-Type: ${shown(text)}` : null;
  if (type === 'multipart') return boundaryDoubt(text, boundary);
  if (type !== 'message') return isContainer(text) && !TYPE.test(oneLine(text)) ? `a malformed Content-Type: ${shown(text)}` : null;
  if (subtype === 'partial') return 'a part of a message that comes in several (message/partial)';
  if (subtype === 'external-body') return 'a part that stands elsewhere (message/external-body)';
  return KNOWN_MESSAGES.has(subtype) || subtype.startsWith('vnd.') ? null : `a kind of message that nobody knows: ${shown(text)}`;
};

const shown = (text: string): string => JSON.stringify(oneLine(text).slice(0, 80));

const BOUNDARY = /(?:^|;)\s*boundary=(?:"([^"\\]*)"|([^\s;"()\\,]+))\s*(?=;|$)/i;
/** RFC 2046 5.1.1 has 70 characters, and fewer kinds of them; what everybody reads alike is taken. */
const BOUNDARY_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/;

/** The boundary that a Content-Type names; empty if it names none that all readers take alike. */
export const boundaryIn = (text: string): string => {
  const [, quoted, token] = BOUNDARY.exec(oneLine(text)) ?? [];
  return quoted ?? token ?? '';
};

const boundaryDoubt = (text: string, boundary: string | null): string | null => {
  const line = oneLine(text);
  const value = boundaryIn(text);
  const isOnlyOne = [...line.matchAll(/boundary\s*(?:\*[\d*]*)?\s*=/gi)].length === 1;
  return isOnlyOne && BOUNDARY_VALUE.test(value) && value === boundary
    ? null
    : `a boundary that readers may take in different ways: ${shown(text)}`;
};

/** RFC 2045 6.4: what is made of parts is not encoded. An attached message in base64 is decoded by the program that opens it. */
const encodingDoubt = (type: string, encoding: string): string | null => {
  const kind = oneLine(type).toLowerCase();
  const isOpened = /^(multipart|message)\//.test(kind);
  if (IDENTITY.has(encoding) || (!isOpened && DECODED.has(encoding))) return null;
  if (isOpened)
    return encoding === 'base64' && kind.startsWith('message/') ? null : `${shown(kind)} in ${JSON.stringify(encoding.slice(0, 40))}`;
  const isEncoded = OLD_ENCODINGS.test(encoding) || (isText(kind) && /base64|quoted/.test(encoding));
  return isEncoded ? `a part in ${JSON.stringify(encoding.slice(0, 40))}` : null;
};

const isText = (kind: string): boolean => kind === '' || kind.startsWith('text');

/** Why a part within others may be parted in different ways: a boundary that another one begins with (RFC 2046 5.1.1). */
export const nestedBoundaryDoubt = (boundary: string, outer: readonly string[]): string | null => {
  const own = boundary.toLowerCase();
  return outer.some((one) => own.startsWith(one.toLowerCase()) || one.toLowerCase().startsWith(own))
    ? `the boundary ${shown(boundary)} within one that is like it`
    : null;
};
