import { readPartHeader, textsOf } from '../mime/part-header.ts';
import { boundaryIn, structureDoubt } from '../mime/structure.ts';

/** How the header of a part or a message describes its content. */
export interface Described {
  readonly kind: 'leaf' | 'multipart' | 'message';
  /** `type/subtype` in lower case. */
  readonly type: string;
  readonly charset: string;
  /** In lower case; empty if the header does not say. */
  readonly encoding: string;
  /** For a multipart. */
  readonly boundary: string;
  /** Why readers may parse it differently. */
  readonly doubt: string | null;
}

const IDENTITY: ReadonlySet<string> = new Set(['', '7bit', '8bit', 'binary']);

export const isIdentity = (encoding: string): boolean => IDENTITY.has(encoding);

const TYPE = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:;|$)/;

/** `inDigest`: a part without a type is a message (RFC 2046 5.1.5). */
export const describe = (raw: Buffer, inDigest: boolean): Described => {
  const header = readPartHeader(raw);
  const [type = ''] = textsOf(header, 'content-type').map((text) => text.replace(/\s+/g, ' ').trim());
  const boundary = boundaryIn(type);
  const name = type === '' ? (inDigest ? 'message/rfc822' : 'text/plain') : (TYPE.exec(type)?.[1]?.toLowerCase() ?? '');
  const encoding = (textsOf(header, 'content-transfer-encoding')[0] ?? '').trim().toLowerCase();
  return {
    kind: kindOf(name, encoding),
    type: name,
    charset: (/;\s*charset\s*=\s*"?([^\s";]*)/i.exec(type)?.[1] ?? '').toLowerCase(),
    encoding,
    boundary,
    doubt: structureDoubt(header, boundary),
  };
};

const kindOf = (type: string, encoding: string): Described['kind'] => {
  if (type.startsWith('multipart/')) return 'multipart';
  return (type === 'message/rfc822' || type === 'message/news') && isIdentity(encoding) ? 'message' : 'leaf';
};
