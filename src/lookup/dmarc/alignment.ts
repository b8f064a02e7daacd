import { getDomain } from 'tldts';

/** The organisational domain by the public suffix list; the name itself if it has none. RFC 7489 3.2. */
export const organisationalDomain = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;

/** Strict alignment requires the exact domain, relaxed the same organisation. RFC 7489 3.1. */
export const isAligned = (from: string, authenticated: string, strict: boolean): boolean => {
  const [a, b] = [from.toLowerCase(), authenticated.toLowerCase()];
  return a === b || (!strict && organisationalDomain(a) === organisationalDomain(b));
};
