import type { TagList } from '../../message/dkim/tag-list.ts';
import type { HeaderField, RawHeader } from '../../message/header.ts';
import { queryName } from '../names.ts';
import { required } from './signature-error.ts';
import { type MessageSignature, readMessageSignature, tagNumber, tagsOf, tagText, tagUtf8 } from './signature-tags.ts';

export interface DkimSignature extends MessageSignature {
  /** `i=` is of the very domain of `d=`, not one below it. */
  readonly exact: boolean;
  /** Seconds since the epoch. */
  readonly expires: number | null;
}

/*
 * Every signature costs a key look-up, a public-key operation and, with a length of its own, a hash of the
 * whole body; a header has room for thousands. So only the first few count: those the latest hops wrote
 * stand on top (RFC 6376 6.1 leaves the number to us).
 */
const MOST_SIGNATURES = 10;

export const signatureFields = (header: RawHeader): readonly HeaderField[] => header.named('DKIM-Signature').slice(0, MOST_SIGNATURES);

/** A DKIM-Signature as RFC 6376 6.1.1 validates it, whatever the time. Throws `SignatureError`. */
export const readSignature = (field: HeaderField): DkimSignature => {
  const tags = tagsOf(field);
  required(tagText(tags, 'v') === '1', 'unknown version');
  const signature = readMessageSignature(field, tags, 'simple/simple');
  const { signer, parts } = signature;
  required(!parts.names.includes(''), 'malformed h=');
  required(parts.names.includes('from'), 'From is not signed');
  const methods = tags.get('q')?.value ?? 'dns/txt';
  required(
    methods.split(':').some((method) => method.trim() === 'dns/txt'),
    'no known way to the key',
  );
  return { ...signature, exact: isExact(tags, signer.domain), expires: expiryOf(tags) };
};

/** `x=` is later than `t=`. RFC 6376 3.5. */
const expiryOf = (tags: TagList): number | null => {
  const [signed, expires] = [tagNumber(tags, 't'), tagNumber(tags, 'x')];
  required(signed === null || expires === null || expires > signed, 'x= is not later than t=');
  return expires;
};

/** `i=` lies in the domain of `d=` or below. RFC 6376 3.5. */
const isExact = (tags: TagList, domain: string): boolean => {
  if (!tags.has('i')) return true;
  const identity = tagUtf8(tags, 'i');
  const at = identity.lastIndexOf('@');
  const name = at < 0 ? null : queryName(identity.slice(at + 1));
  required(name !== null && (name === domain || name.endsWith(`.${domain}`)), 'i= is outside the domain of d=');
  return name === domain;
};
