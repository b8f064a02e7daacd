import { type Content, contentStream } from './content.ts';

/** What `sign_dkim` of a policy says, the key as its text. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM of an RSA (RFC 8301: 1024 bits and more) or Ed25519 (RFC 8463) private key. */
  readonly key: string;
}

/**
 * Signs a message as it will leave (RFC 6376, relaxed/relaxed): the field to put before its header, ended by
 * CRLF. The body is read through once and not kept in memory.
 * @throws when the key is none or the body cannot be read: a message that should be signed never goes unsigned
 */
export const signDkim = async (content: Content, { domain, selector, key }: DkimKey): Promise<string> => {
  const { dkimSign } = await import('mailauth/lib/dkim/sign.js');
  const signing = { signingDomain: domain, selector, privateKey: key };
  const options = { ...signing, canonicalization: 'relaxed/relaxed' as const, signTime: new Date(), signatureData: [signing] };
  const message = contentStream(content);
  const { signatures, errors } = await dkimSign(message, options).finally(() => message.destroy());
  const [fault] = errors ?? [];
  if (fault) throw new Error(`DKIM signature for ${domain} failed: ${reasonOf(fault)}`);
  if (!signatures.startsWith('DKIM-Signature:')) throw new Error(`DKIM signature for ${domain} failed`);
  return signatures;
};

const reasonOf = (fault: unknown): string => {
  const inner = typeof fault === 'object' && fault !== null && 'err' in fault ? fault.err : fault;
  return inner instanceof Error ? inner.message : String(inner);
};
