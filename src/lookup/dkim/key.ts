import { createPublicKey, type KeyObject } from 'node:crypto';
import { readTagList, type TagList, withoutBlanks } from '../../message/dkim/tag-list.ts';
import type { Resolver } from '../resolver.ts';
import { required } from './signature-error.ts';
import { base64, type Signer } from './signature-tags.ts';

/** RFC 8301 3.2: less is no signature; more than 4096 need not be understood, and costs time. */
const LEAST_RSA_BITS = 1024;
const MOST_RSA_BITS = 8192;
/** RFC 8410: what stands before the 32 octets of a bare Ed25519 key. */
const ED25519_INFO = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_OCTETS = 32;

export interface PublicKey {
  readonly key: KeyObject;
  /** `t=s`: for the very domain of `d=` alone. RFC 6376 3.6.1. */
  readonly strict: boolean;
}

/**
 * The key a signature was made with. Of several records the first that is a key record counts (RFC 6376
 * 3.6.2.2 and 6.1.2 leave the choice to us).
 * @throws SignatureError without a usable key, LookupFailure where DNS did not answer
 */
export const findKey = async (resolver: Resolver, signer: Signer, signal: AbortSignal): Promise<PublicKey> => {
  const { values } = await resolver.query(`${signer.selector}._domainkey.${signer.domain}`, 'TXT', signal);
  required(values.length > 0, 'no key');
  const record = values.map(keyRecord).find((tags) => tags !== null);
  required(record !== undefined, 'malformed key record');
  return readKey(record, signer);
};

/** RFC 6376 3.6.1: `v=` may be left out, but stands first and names this version if it is there. */
const keyRecord = (text: string): TagList | null => {
  const tags = readTagList(text);
  if (tags === null || !tags.has('p')) return null;
  const [first] = tags.keys();
  return !tags.has('v') || (first === 'v' && tags.get('v')?.value === 'DKIM1') ? tags : null;
};

const readKey = (tags: TagList, { algorithm }: Signer): PublicKey => {
  const [type, hash] = algorithm === 'rsa-sha256' ? ['rsa', 'sha256'] : ['ed25519', 'sha256'];
  required((tags.get('k')?.value ?? 'rsa') === type, `the key is not of type ${type}`);
  required(listed(tags, 'h', ['sha256']) ?? true, `the key is not for ${hash}`);
  required(listed(tags, 's', ['email', '*']) ?? true, 'the key is not for mail');
  const text = withoutBlanks(tags.get('p')?.value ?? '');
  required(text !== '', 'the key was revoked');
  const bytes = base64(text, 'p');
  const key = type === 'rsa' ? rsaKey(bytes) : ed25519Key(bytes);
  required(key !== null, 'the key cannot be read');
  return { key, strict: listed(tags, 't', ['s']) ?? false };
};

/** Whether a colon-separated list contains one of `words`; `null` if the tag is absent. */
const listed = (tags: TagList, name: string, words: readonly string[]): boolean | null =>
  tags
    .get(name)
    ?.value.split(':')
    .some((word) => words.includes(withoutBlanks(word))) ?? null;

/** A SubjectPublicKeyInfo, or the bare RSAPublicKey that the text of RFC 6376 3.6.1 asks for (erratum 3017). */
const rsaKey = (bytes: Buffer): KeyObject | null => {
  const key = derKey(bytes, 'spki') ?? derKey(bytes, 'pkcs1');
  if (key?.asymmetricKeyType !== 'rsa') return null;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  required(bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS, `an RSA key of ${bits} bits`);
  return key;
};

/** RFC 8463 4.2. */
const ed25519Key = (bytes: Buffer): KeyObject | null =>
  bytes.length === ED25519_OCTETS ? derKey(Buffer.concat([ED25519_INFO, bytes]), 'spki') : null;

const derKey = (bytes: Buffer, type: 'spki' | 'pkcs1'): KeyObject | null => {
  try {
    return createPublicKey({ key: bytes, format: 'der', type });
  } catch {
    return null;
  }
};
