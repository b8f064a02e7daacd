import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose, type Finding } from '../../diagnostic-codes.ts';
import type { RouteSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const routeTarget: LintCheck = {
  name: 'route-target',
  codes: ['RLY2017'],
  doc: 'The target of a route is valid.',
  avoid: `
routes:
  - { id: port, when: { recipient.domain: a.example }, to: "smtp://10.1.0.5:70000" }
  - { id: brackets, when: { recipient.domain: b.example }, to: "smtp://2001:db8::1" }
  - { id: several, when: { recipient.domain: c.example }, to: "smtp://mx1.example,mx2.example" }
  - { id: outside, to: "maildir:../mail" }
`,
  prefer: `
routes:
  - { id: port, when: { recipient.domain: a.example }, to: "smtp://10.1.0.5:2525" }
  - { id: brackets, when: { recipient.domain: b.example }, to: "smtp://[2001:db8::1]" }
  - { id: several, when: { recipient.domain: c.example }, to: "smtp://mx.example" }
  - { id: outside, to: "maildir:/var/mail/relay" }
`,
  check: ({ files }) => files.flatMap((file) => file.routes).flatMap(checkRoute),
};

const checkRoute = ({ to }: RouteSyntax): readonly Diagnostic[] => {
  const fault = typeof to.value === 'string' ? faultOf(to.value) : null;
  return fault === null ? [] : [diagnose('RLY2017', to.at, fault)];
};

/** What is wrong with a target; `null` if delivery can use it. */
export const faultOf = (target: string): Finding | null => {
  if (target === 'mx' || target === 'discard:') return null;
  const [, scheme = '', rest = ''] = /^([a-z+]+):(.*)$/.exec(target) ?? [];
  if (rest.includes('${')) return { message: 'A target cannot contain facts', help: 'Write a route for each target.' };
  if (scheme === 'lmtp+unix') return rest.startsWith('/') ? null : NOT_ABSOLUTE;
  if (scheme === 'maildir') return rest.startsWith('/') || !rest.split('/').includes('..') ? null : OUTSIDE;
  return hostFault(rest);
};

const NOT_ABSOLUTE: Finding = {
  message: 'The path of lmtp+unix: is not absolute',
  help: 'Write lmtp+unix:/ followed by the rest of the absolute path.',
};

const OUTSIDE: Finding = {
  message: 'A relative maildir: path leads out of the site',
  help: 'For a folder elsewhere, write an absolute path: maildir:/….',
};

const hostFault = (rest: string): Finding | null => {
  if (rest.includes(','))
    return { message: 'A route has one next hop, not several', help: 'Write one host, or a name that resolves to all of them.' };
  const [, host, port] = /^\/\/(\[[0-9a-f:.]+\]|[^/:[\]\s${},;@]+)(?::(\d+))?\/?$/i.exec(rest) ?? [];
  if (host === undefined)
    return { message: 'Not a host and port', help: 'Write host:port, with an IPv6 address in brackets: smtp://[2001:db8::1]:25.' };
  const number = port === undefined ? 25 : Number(port);
  if (number >= 1 && number <= 65_535) return null;
  return { message: `${number} is not a valid port`, help: 'Ports range from 1 to 65535.' };
};
