import type { Route } from '../policy/decision.ts';

/** The parsed target of a route. */
export type Target =
  | { readonly kind: 'mx' }
  | { readonly kind: 'host'; readonly protocol: 'smtp' | 'smtps' | 'lmtp'; readonly host: string; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'maildir'; readonly path: string }
  | { readonly kind: 'discard' };

const HOST_PATTERN = /^(smtp|smtps|lmtp):\/\/(\[[0-9a-f:.]+\]|[^/:[\]\s,;@]+)(?::(\d{1,5}))?\/?$/i;
const DEFAULT_PORTS = { smtp: 25, smtps: 465, lmtp: 24 } as const;

const isProtocol = (word: string): word is keyof typeof DEFAULT_PORTS => word in DEFAULT_PORTS;

/** Parses `to:` of a route (language page, section 8); `null` if it is not a valid target. IPv6 goes in brackets. */
export const parseTarget = (to: string): Target | null => {
  if (to.includes('${')) return null;
  if (to === 'mx') return { kind: 'mx' };
  if (to === 'discard:') return { kind: 'discard' };
  if (to.startsWith('maildir:')) return maildir(to.slice('maildir:'.length));
  if (to.startsWith('lmtp+unix:/')) return { kind: 'socket', path: to.slice('lmtp+unix:'.length) };
  return parseHost(to);
};

/** A relative path is relative to the site and must not leave it. */
const maildir = (path: string): Target | null => {
  if (path === '' || (!path.startsWith('/') && path.split('/').includes('..'))) return null;
  return { kind: 'maildir', path };
};

const parseHost = (to: string): Target | null => {
  const [, scheme = '', host = '', digits] = HOST_PATTERN.exec(to) ?? [];
  const protocol = scheme.toLowerCase();
  if (!isProtocol(protocol)) return null;
  const port = digits === undefined ? DEFAULT_PORTS[protocol] : Number(digits);
  if (port < 1 || port > 65_535) return null;
  return { kind: 'host', protocol, host: host.replace(/^\[|\]$/g, '').toLowerCase(), port };
};

/**
 * Mail with the same key may share a connection: same next hop, TLS policy, login, source address and
 * name. `domain` distinguishes the destinations of an `mx` route.
 */
export const destinationKey = (route: Route, domain: string): string => {
  const place = route.to === 'mx' ? `mx:${domain}` : route.to;
  if (!route.tls && !route.auth && !route.sourceIp && !route.helo) return place;
  return [place, route.tls ?? '', route.auth?.user ?? '', route.auth?.passwordFile ?? '', route.sourceIp ?? '', route.helo ?? ''].join('|');
};
