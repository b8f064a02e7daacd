import { isObject, type Json } from '../../json.ts';
import { nearest } from '../../suggest.ts';
import { type Advice, write } from './meant.ts';

const SCHEMES = ['smtp', 'smtps', 'lmtp', 'lmtp+unix', 'maildir', 'discard'];

const NAME = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?::\d{1,5})?$/;

/** What to write in `to:` for a target in Postfix form, without a scheme, or with a misspelt one. */
export const meantTarget = (target: Json): Advice | null => {
  const meant = isObject(target) ? ofMapping(target) : typeof target === 'string' ? ofText(target.trim()) : null;
  return meant === null ? null : write({ part: 'value', text: `"${meant}"` }, `Write to: "${meant}".`);
};

const ofMapping = ({ host, port, scheme }: { readonly [key: string]: Json }): string | null =>
  typeof host === 'string'
    ? `${typeof scheme === 'string' ? scheme : 'smtp'}://${host}${port === undefined ? '' : `:${String(port)}`}`
    : null;

const ofText = (text: string): string | null => {
  const socket = /^lmtp:unix:\/*(\/.+|[^/].*)$/.exec(text)?.[1];
  if (socket !== undefined) return `lmtp+unix:${socket.startsWith('/') ? socket : `/${socket}`}`;
  if (NAME.test(text)) return `smtp://${withoutBrackets(text)}`;
  const [, scheme = '', slashes = '', rest = ''] = /^([A-Za-z+]+):(\/*)(.*)$/.exec(text) ?? [];
  const known = SCHEMES.includes(scheme.toLowerCase()) ? scheme.toLowerCase() : nearest(scheme, SCHEMES);
  if (known === null || scheme === '') return null;
  if (known === 'maildir' || known === 'lmtp+unix') return rest === '' ? null : `${known}:${rest}`;
  if (known === 'discard') return 'discard:';
  const host = rest.replace(/\/+$/, '');
  return slashes.length <= 3 && NAME.test(host) ? `${known}://${withoutBrackets(host)}` : null;
};

/** Postfix puts a host in brackets to skip the MX look-up; here only IPv6 addresses have brackets. */
const withoutBrackets = (host: string): string => host.replace(/^\[([A-Za-z0-9.-]+)\]/, '$1');
