import type { FactDefinition } from '../fact-definition.ts';
import { domainName, formed, STRANGE_NAME } from '../possible.ts';
import { boolean } from '../types/boolean.ts';
import { domain } from '../types/domain.ts';
import { string } from '../types/string.ts';
import { tlsVersion } from '../types/vocabularies.ts';
import { word } from '../types/word.ts';

const common = { provider: 'session', keptWithMail: true, collection: false, from: 'helo', lifetime: 'connection' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'tls.active',
    type: boolean,
    doc: 'The connection is encrypted, by STARTTLS or from the start.',
    example: { when: { 'tls.active': true }, given: { 'tls.active': false }, holds: false },
  },
  {
    ...common,
    name: 'tls.version',
    type: tlsVersion,
    doc: 'TLS version; absent without TLS.',
    example: { when: { 'tls.version': ['TLSv1', 'TLSv1.1'] }, given: { 'tls.version': 'TLSv1.3' }, holds: false },
  },
  {
    ...common,
    name: 'tls.cipher',
    type: string,
    possible: formed('Upper case, such as `ECDHE-RSA-AES128-GCM-SHA256`.', '[^a-z]*'),
    doc: 'Cipher suite as OpenSSL names it; absent without TLS.',
    example: { when: { 'tls.cipher': { starts_with: 'ECDHE-' } }, given: { 'tls.cipher': 'ECDHE-RSA-AES256-GCM-SHA384' }, holds: true },
  },
  {
    ...common,
    name: 'tls.sni',
    type: domain,
    possible: { ...domainName, form: STRANGE_NAME },
    doc: 'Host name the client requested in SNI (RFC 6066 3); absent if none.',
    example: { when: { 'tls.sni': 'mx.example.com' }, given: { 'tls.sni': 'MX.example.com' }, holds: true },
  },
  {
    ...common,
    name: 'tls.client_subject',
    type: string,
    doc: 'Subject of the verified client certificate, `CN=app,O=Example`; absent otherwise.',
    example: { when: { 'tls.client_subject': { contains: 'CN=app' } }, given: { 'tls.client_subject': 'absent' }, holds: false },
  },
  {
    ...common,
    name: 'tls.client_fingerprint',
    type: word,
    possible: formed('32 pairs of hex digits with colons between them.', '[0-9a-f]{2}(?::[0-9a-f]{2}){31}'),
    doc: 'SHA-256 of the client certificate, colon-separated hex pairs, verified or not; absent without a certificate.',
    example: { when: { 'tls.client_fingerprint': 'AB:CD:EF' }, given: { 'tls.client_fingerprint': 'ab:cd:ef' }, holds: true },
  },
];
