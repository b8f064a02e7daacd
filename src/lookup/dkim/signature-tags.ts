import type { BodyHashing } from '../../message/dkim/body-hash.ts';
import type { Canonicalization } from '../../message/dkim/canonical-header.ts';
import { readTagList, type TagList, withoutBlanks } from '../../message/dkim/tag-list.ts';
import type { HeaderField } from '../../message/header.ts';
import { queryName } from '../names.ts';
import { required } from './signature-error.ts';

/*
 * The tags of signature fields: DKIM-Signature (RFC 6376 3.5), and the ARC fields modelled on it
 * (RFC 8617 4.1). All functions throw `SignatureError` for missing or malformed tags.
 */

/** RFC 8301 3.1 and RFC 8463: SHA-1 is obsolete. */
export type Algorithm = 'rsa-sha256' | 'ed25519-sha256';

/** Who signed, and with what. */
export interface Signer {
  readonly algorithm: Algorithm;
  /** Lower-case A-labels. */
  readonly domain: string;
  readonly selector: string;
}

/** The value of the signature, and its position in the bytes of the field. */
export interface SignatureValue {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The signed parts of the message. */
export interface SignedParts {
  /** `h=`, in lower case. */
  readonly names: readonly string[];
  readonly header: Canonicalization;
  readonly body: BodyHashing;
  readonly bodyHash: Buffer;
}

/** A signature of a message: DKIM-Signature, or ARC-Message-Signature, which is made like one (RFC 8617 4.1.2). */
export interface MessageSignature {
  readonly field: HeaderField;
  readonly signer: Signer;
  readonly parts: SignedParts;
  readonly value: SignatureValue;
}

const FIELD_NAME = /^[!-9;-~]+$/;
const FORM = /^(simple|relaxed)(?:\/(simple|relaxed))?$/;

/** The tags after a field's colon. */
export const tagsOf = ({ raw }: HeaderField): TagList => {
  const tags = readTagList(raw.toString('latin1', raw.indexOf(':') + 1));
  required(tags !== null, 'malformed tag list');
  return tags;
};

export const tagText = (tags: TagList, name: string): string => {
  const tag = tags.get(name);
  required(tag !== undefined, `no ${name}=`);
  return tag.value;
};

/** RFC 8616 3: octets above 127 are UTF-8. */
export const tagUtf8 = (tags: TagList, name: string): string => Buffer.from(tagText(tags, name), 'latin1').toString();

/** Seconds or octets; `null` where the tag is absent. */
export const tagNumber = (tags: TagList, name: string): number | null => {
  if (!tags.has(name)) return null;
  const text = tagText(tags, name);
  required(/^\d{1,76}$/.test(text), `malformed ${name}=`);
  return Number(text);
};

/** Base64, folded anywhere; the padding may be missing (RFC 6376 2.10), but otherwise it must be the canonical encoding. */
export const base64 = (text: string, name: string): Buffer => {
  const bare = withoutBlanks(text);
  const bytes = Buffer.from(bare, 'base64');
  required(bytes.length > 0 && withoutPadding(bytes.toString('base64')) === withoutPadding(bare), `malformed ${name}=`);
  return bytes;
};

const withoutPadding = (encoded: string): string => encoded.replace(/={1,2}$/, '');

export const readSigner = (tags: TagList): Signer => {
  const algorithm = tagText(tags, 'a');
  required(algorithm === 'rsa-sha256' || algorithm === 'ed25519-sha256', `algorithm ${algorithm} is not accepted`);
  const [domain, selector] = [queryName(tagUtf8(tags, 'd')), queryName(tagUtf8(tags, 's'))];
  required(domain !== null && !domain.includes(' '), 'malformed d=');
  required(selector !== null && !selector.includes(' '), 'malformed s=');
  return { algorithm, domain, selector };
};

export const readValue = (field: HeaderField, tags: TagList): SignatureValue => {
  const tag = tags.get('b');
  required(tag !== undefined, 'no b=');
  const at = field.raw.indexOf(':') + 1;
  return { bytes: base64(tag.value, 'b'), start: at + tag.start, end: at + tag.end };
};

/** `defaultForm` applies without `c=`; `simple/simple` for DKIM (RFC 6376 3.5). */
export const readSignedParts = (tags: TagList, defaultForm: string): SignedParts => {
  const [, header, body = 'simple'] = FORM.exec(tags.get('c')?.value ?? defaultForm) ?? [];
  required(isForm(header) && isForm(body), 'unknown canonicalization');
  const names = tagText(tags, 'h')
    .split(':')
    .map((name) => withoutBlanks(name).toLowerCase());
  required(
    names.every((name) => name === '' || FIELD_NAME.test(name)),
    'malformed h=',
  );
  return { names, header, body: { form: body, length: tagNumber(tags, 'l') }, bodyHash: base64(tagText(tags, 'bh'), 'bh') };
};

/** `defaultForm` as for `readSignedParts`. */
export const readMessageSignature = (field: HeaderField, tags: TagList, defaultForm: string): MessageSignature => ({
  field,
  signer: readSigner(tags),
  parts: readSignedParts(tags, defaultForm),
  value: readValue(field, tags),
});

const isForm = (text: string | undefined): text is Canonicalization => text === 'simple' || text === 'relaxed';
