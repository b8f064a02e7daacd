import addressparser from 'nodemailer/lib/addressparser';
import type { RawHeader } from '../../message/header.ts';
import { headerText } from '../../message/header-value.ts';
import { queryName } from '../names.ts';

/**
 * The domain in From, as A-labels. `null` if there is no From field, no address in it, more than one
 * field, or authors in several domains: then there is no domain to query (RFC 7489 6.6.1). The field is parsed
 * before encoded-words are decoded, so that no display name becomes an address.
 */
export const authorDomain = (header: RawHeader): string | null => {
  const [field, ...more] = header.named('From');
  if (field === undefined || more.length > 0) return null;
  const value = headerText(field.raw.subarray(field.raw.indexOf(':') + 1)).replace(/\r\n/g, '');
  const addresses = addressparser(value, { flatten: true }).map(({ address }) => address);
  const domains = new Set(addresses.map((address) => queryName(address.slice(address.lastIndexOf('@') + 1))));
  const [domain] = domains;
  return domains.size === 1 && addresses.every((address) => address.includes('@')) ? (domain ?? null) : null;
};
