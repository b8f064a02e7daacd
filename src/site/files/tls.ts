import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import type { Finding } from '../../policy/diagnostic-codes.ts';
import { FILE_LIMITS, type GuardedFile, readGuarded } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { Located } from '../../policy/syntax.ts';
import { at } from '../config/check.ts';
import type { RelayConfig, TlsConfig } from '../config/config.ts';
import { exposedSecret } from './exposure.ts';
import { type Found, shownPath, tried } from './found.ts';
import { NoPrivateKey, privateKeyOf } from './private-key.ts';
import type { Secrets } from './secrets.ts';
import { readTls } from './tls-context.ts';

const DAY = 86_400_000;
const SOON = 14 * DAY;

type Part = 'cert' | 'key';

/** One of the two files, where its name stands, and whatever is wrong with it. */
class TlsFile {
  readonly name: string;
  readonly #document: Located;
  readonly #part: Part;

  constructor(document: Located, part: Part, name: string) {
    this.#document = document;
    this.#part = part;
    this.name = name;
  }

  get span() {
    return this.#document.spanOf(['tls', this.#part], 'value');
  }

  wrong(finding: Finding): readonly Diagnostic[] {
    return [at(this.#document, ['tls', this.#part], 'RLY5005', finding)];
  }

  warn(finding: Finding): readonly Diagnostic[] {
    return [at(this.#document, ['tls', this.#part], 'RLY5010', finding)];
  }

  unreadable({ message }: SiteFileError): readonly Diagnostic[] {
    const help = "Paths are relative to the site; the relay's user must be able to read the file.";
    return this.wrong({ message: `Cannot read ${this.name}: ${message}`, help });
  }
}

const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

const parsed = (pem: string): X509Certificate | null => {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
};

/** `null` for an invalid block. */
const chainOf = (pem: string): readonly (X509Certificate | null)[] => (pem.match(BLOCK) ?? []).map(parsed);

const dated = (file: TlsFile, certificate: X509Certificate, now: number): readonly Diagnostic[] => {
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const day = new Date(until).toISOString().slice(0, 10);
  const help = 'Renew the certificate and reload.';
  if (until <= now) return file.wrong({ message: `The certificate in ${file.name} expired on ${day}`, help });
  if (from > now) {
    const start = new Date(from).toISOString().slice(0, 10);
    return file.wrong({
      message: `The certificate in ${file.name} is not valid before ${start}`,
      help: 'Check the clock of this machine.',
    });
  }
  return until - now < SOON ? file.warn({ message: `The certificate in ${file.name} expires on ${day}`, help }) : [];
};

const checkChain = (file: TlsFile, pem: string, now: number): { leaf: X509Certificate | null; diagnostics: readonly Diagnostic[] } => {
  const help = "Put the certificate chain there in PEM: the server's certificate first, then the intermediates.";
  const chain = chainOf(pem);
  const [leaf = null] = chain;
  const broken = chain.indexOf(null);
  if (chain.length === 0) return { leaf: null, diagnostics: file.wrong({ message: `${file.name} contains no PEM certificate`, help }) };
  if (broken >= 0)
    return { leaf: null, diagnostics: file.wrong({ message: `Certificate ${broken + 1} in ${file.name} cannot be parsed`, help }) };
  return { leaf, diagnostics: leaf ? dated(file, leaf, now) : [] };
};

const checkKey = (file: TlsFile, pem: string): { key: KeyObject | null; diagnostics: readonly Diagnostic[] } => {
  try {
    return { key: privateKeyOf(pem), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof NoPrivateKey)) throw error;
    const help = 'Put the private key of the certificate there, in PEM, without a passphrase.';
    return { key: null, diagnostics: file.wrong({ message: `${file.name} cannot be used: ${error.message}`, help }) };
  }
};

/** What OpenSSL has against them although both can be read: a key too short, a signature too weak. */
const refusedByTls = (config: TlsConfig, pem: NonNullable<Secrets['tls']>, file: TlsFile): readonly Diagnostic[] => {
  try {
    readTls(config, pem);
    return [];
  } catch (error) {
    const message = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return file.wrong({
      message: `${file.name} and its key cannot be used: ${message}`,
      help: 'Create a new RSA 2048 or P-256 key and a certificate for it.',
    });
  }
};

interface Opened {
  readonly cert: TlsFile;
  readonly key: TlsFile;
  readonly pem: NonNullable<Secrets['tls']>;
}

const checkPair = ({ cert, key, pem }: Opened, config: TlsConfig, now: number): readonly Diagnostic[] => {
  const chain = checkChain(cert, Buffer.from(pem.cert).toString('latin1'), now);
  const own = checkKey(key, Buffer.from(pem.key).toString('latin1'));
  const found = [...chain.diagnostics, ...own.diagnostics];
  if (!chain.leaf || !own.key) return found;
  if (!chain.leaf.checkPrivateKey(own.key)) {
    const help = 'The key must belong to the first certificate in the file; intermediates come after it.';
    return [...found, ...key.wrong({ message: `${key.name} does not match the certificate in ${cert.name}`, help })];
  }
  return [...found, ...refusedByTls(config, pem, cert)];
};

const opened = (path: string): GuardedFile | SiteFileError => tried(() => readGuarded(path, FILE_LIMITS.pem));

/** Certificate and key: readable, whole, a pair, in date, and the key for nobody else to read. */
export const readTlsFiles = ({ root, tls }: RelayConfig, document: Located, now: number): Found<Secrets['tls']> => {
  if (tls === null) return { value: null, diagnostics: [] };
  const cert = new TlsFile(document, 'cert', shownPath(root, tls.cert));
  const key = new TlsFile(document, 'key', shownPath(root, tls.key));
  const [certFile, keyFile] = [opened(tls.cert), opened(tls.key)];
  const failed = [
    ...(certFile instanceof SiteFileError ? cert.unreadable(certFile) : []),
    ...(keyFile instanceof SiteFileError ? key.unreadable(keyFile) : exposedSecret(key.name, keyFile, key.span)),
  ];
  if (certFile instanceof SiteFileError || keyFile instanceof SiteFileError) return { value: null, diagnostics: failed };
  const value = { cert: certFile.bytes, key: keyFile.bytes };
  return { value, diagnostics: [...failed, ...checkPair({ cert, key, pem: value }, tls, now)] };
};
