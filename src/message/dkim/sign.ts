import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { readBody } from '../body.ts';
import type { Content } from '../content.ts';
import { type RawHeader, splitMessage } from '../header.ts';
import { BodyHasher, hashingKey } from './body-hash.ts';
import { canonicalSelection, canonicalSignature } from './canonical-header.ts';
import { signedNames } from './signed-names.ts';
import { readTagList } from './tag-list.ts';

/** The parameters of `sign_dkim`, with the text of the key. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM of an RSA (RFC 8301: at least 1024 bits) or Ed25519 (RFC 8463) private key. */
  readonly key: string;
}

/** Shared by all signatures of one message. */
export interface DkimSubject {
  readonly header: RawHeader;
  /** Base64. */
  readonly bodyHash: string;
}

const HASHING = { form: 'relaxed', length: null } as const;
const NOTHING = Buffer.alloc(0);
const LINE = 72;
const LEAST_RSA_BITS = 1024;

/** Reads a message as it will be sent: the body once, without buffering it. Rejects with the system's code if it cannot be read. */
export const dkimSubject = async (content: Content): Promise<DkimSubject> => ({
  header: splitMessage(content.header).header,
  bodyHash: await hashBody(content),
});

/**
 * The signature field (RFC 6376, relaxed/relaxed) to prepend to the header, including CRLF.
 * @throws if the key cannot be used: a message that should be signed is never sent unsigned
 */
export const signDkim = (subject: DkimSubject, key: DkimKey): string => signature(subject, key, readKey(key));

const readKey = ({ domain, key }: DkimKey): KeyObject => {
  try {
    return usable(createPrivateKey(key));
  } catch (error) {
    throw new Error(`DKIM signature for ${domain} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const usable = (key: KeyObject): KeyObject => {
  if (key.asymmetricKeyType === 'ed25519') return key;
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`a key of type ${key.asymmetricKeyType}, not rsa or ed25519`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_RSA_BITS) throw new Error(`an RSA key of ${bits} bits; at least ${LEAST_RSA_BITS} are required (RFC 8301)`);
  return key;
};

const hashBody = async ({ body }: Content): Promise<string> => {
  const hasher = new BodyHasher([HASHING]);
  for await (const chunk of readBody(NOTHING, body)) await hasher.write(chunk);
  const hash = (await hasher.finish()).get(hashingKey(HASHING));
  if (hash === undefined) throw new Error('the body has no hash');
  return hash.digest.toString('base64');
};

const signature = ({ header, bodyHash }: DkimSubject, { domain, selector }: DkimKey, key: KeyObject): string => {
  const names = signedNames(header);
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256';
  const time = Math.floor(Date.now() / 1000);
  const identity = `d=${aLabels(domain)}; s=${aLabels(selector)};`;
  const unsigned = `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; t=${time};\r\n ${identity}\r\n ${folded('h=', names.join(':'), /[^:]+:?/g)};\r\n bh=${bodyHash};\r\n b=`;
  const selection = canonicalSelection(header, { names, form: 'relaxed' });
  const value = signBytes(Buffer.concat([selection, itself(unsigned)]), key);
  return `${unsigned}${folded('  ', value, /.{1,72}/g).slice(2)}\r\n`;
};

/** ASCII names stay as they are: a selector may look like a number, which the URL standard would take for an address. */
const aLabels = (name: string): string => (/^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name));

/** The field as verifiers will hash it; `b=` is still empty. */
const itself = (unsigned: string): Buffer => {
  const start = unsigned.indexOf(':') + 1;
  const b = readTagList(unsigned.slice(start))?.get('b');
  if (b === undefined) throw new Error('DKIM signature cannot be written: domain or selector is invalid');
  return canonicalSignature(Buffer.from(unsigned, 'latin1'), { start: start + b.start, end: start + b.end }, 'relaxed');
};

/** RFC 8463 3: Ed25519 signs the digest; RSA (PKCS #1 v1.5) computes its own. */
const signBytes = (bytes: Buffer, key: KeyObject): string => {
  if (key.asymmetricKeyType === 'rsa') return sign('sha256', bytes, key).toString('base64');
  return sign(null, createHash('sha256').update(bytes).digest(), key).toString('base64');
};

/** Folds text into lines of limited length, breaking where `piece` ends. */
const folded = (start: string, text: string, piece: RegExp): string => {
  const lines: string[] = [];
  let line = start;
  for (const [part] of text.matchAll(piece)) {
    if (line.length + part.length > LINE + 2 && line !== start) {
      lines.push(line);
      line = ' ';
    }
    line += part;
  }
  return [...lines, line].join('\r\n');
};
