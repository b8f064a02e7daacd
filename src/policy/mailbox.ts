import { domainToASCII } from 'node:url';

/*
 * The normal forms of names in mail. They are lenient: what a client says is compared, not validated, so every
 * text has a normal form, and whether a literal in a policy makes sense is for the schema to say.
 */

const ASCII = /^[\x20-\x7e]*$/;

/** Lower-case A-labels without the final dot (RFC 5890 2.3.2.1); an address literal or what is no domain only loses its case. */
export const normalDomain = (domain: string): string => {
  const name = domain.endsWith('.') && domain.length > 1 ? domain.slice(0, -1) : domain;
  if (ASCII.test(name)) return name.toLowerCase();
  return aLabels(name) || name.toLowerCase();
};

/** Where a URL would end its host: `domainToASCII` stops there and drops the rest, or decodes it. */
const URL_SYNTAX = /[\s\p{Cc}#%/:?@[\\\]]/u;

/** The name as A-labels; empty where it has none, as `evil.example#ü.example.com` has none. */
export const aLabels = (name: string): string => (URL_SYNTAX.test(name) ? '' : domainToASCII(name));

/** Local parts compare without case here, though RFC 5321 2.4 would let a receiver do otherwise. */
export const normalLocal = (local: string): string => local.normalize('NFC').toLowerCase();

/** Splits at the last `@`, for a quoted local part may hold one too; `domain` is empty for a bare `postmaster` (RFC 5321 4.5.1). */
export const splitAddress = (address: string): { readonly local: string; readonly domain: string } => {
  const at = address.lastIndexOf('@');
  return at < 0 ? { local: address, domain: '' } : { local: address.slice(0, at), domain: address.slice(at + 1) };
};

/** `User@BÜCHER.example` is `user@xn--bcher-kva.example`. Angle brackets around it are dropped. */
export const normalAddress = (address: string): string => {
  const bare = address.startsWith('<') && address.endsWith('>') ? address.slice(1, -1) : address;
  if (ASCII.test(bare) && !bare.endsWith('.')) return bare.toLowerCase();
  const { local, domain } = splitAddress(bare);
  return bare.includes('@') ? `${normalLocal(local)}@${normalDomain(domain)}` : normalLocal(local);
};

/**
 * The address as it stands in commands, trace fields and reports: the domain in A-labels where the local part is ASCII,
 * so that nothing needs SMTPUTF8 that could do without (RFC 6531 3.7.1). Any other address as it is.
 */
export const wireAddress = (address: string): string => {
  if (ASCII.test(address)) return address;
  const { local, domain } = splitAddress(address);
  const labels = address.includes('@') && ASCII.test(local) ? aLabels(domain) : '';
  return labels === '' ? address : `${local}@${labels}`;
};

/** Part of a domain, or a glob for one: lower case, whole U-labels as A-labels. */
export const normalDomainPart = (part: string): string =>
  part.toLowerCase().replace(/[^.*?@\s[\]]+/g, (label) => (ASCII.test(label) ? label : aLabels(label) || label));

/** Part of an address, or a glob for one; what stands behind its last `@` is part of a domain. */
export const normalAddressPart = (part: string): string => {
  const at = part.lastIndexOf('@');
  return at < 0 ? normalLocal(part) : `${normalLocal(part.slice(0, at))}@${normalDomainPart(part.slice(at + 1))}`;
};
