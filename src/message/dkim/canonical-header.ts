import type { HeaderField, RawHeader } from '../header.ts';

/** How white space is treated before hashing, RFC 6376 3.4. */
export type Canonicalization = 'simple' | 'relaxed';

/** One field as it is hashed, CRLF included. RFC 6376 3.4.1, 3.4.2. */
export const canonicalField = (raw: Buffer, form: Canonicalization): Buffer => {
  const text = raw.toString('latin1');
  if (form === 'simple') return text.endsWith('\r\n') ? raw : Buffer.from(`${text}\r\n`, 'latin1');
  const colon = text.indexOf(':');
  const value = text
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ');
  const name = text
    .slice(0, Math.max(colon, 0))
    .toLowerCase()
    .replaceAll(/[ \t]+/g, '');
  return Buffer.from(`${name}:${value.slice(value.startsWith(' ') ? 1 : 0, value.endsWith(' ') ? -1 : undefined)}\r\n`, 'latin1');
};

export interface Selection {
  /** `h=`: names in lower case, in order. */
  readonly names: readonly string[];
  readonly form: Canonicalization;
  /** The signature itself, which is never selected. */
  readonly except?: HeaderField;
}

/**
 * The fields named in `h=`, canonicalized. If a name occurs several times, the last field comes first;
 * missing fields count as empty. RFC 6376 5.4.2.
 */
export const canonicalSelection = (header: RawHeader, { names, form, except }: Selection): Buffer => {
  const left = new Map<string, HeaderField[]>();
  const parts: Buffer[] = [];
  for (const name of names) {
    const candidates = left.get(name) ?? header.named(name).filter((field) => field !== except);
    left.set(name, candidates);
    const field = candidates.pop();
    if (field !== undefined) parts.push(canonicalField(field.raw, form));
  }
  return Buffer.concat(parts);
};

/** The signature field as it is hashed: with an empty `b=`, without the final CRLF. RFC 6376 3.7. */
export const canonicalSignature = (raw: Buffer, b: { readonly start: number; readonly end: number }, form: Canonicalization): Buffer => {
  const emptied = Buffer.concat([raw.subarray(0, b.start), raw.subarray(b.end)]);
  const canonical = canonicalField(emptied, form);
  return canonical.subarray(0, canonical.length - 2);
};
