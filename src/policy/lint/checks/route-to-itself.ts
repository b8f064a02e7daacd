import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { formatIp, parseIp } from '../../ip.ts';
import type { RouteSyntax } from '../../syntax.ts';
import type { LintCheck, LintedListener, Surroundings } from '../check.ts';

export const routeToItself: LintCheck = {
  name: 'route-to-itself',
  codes: ['RLY4038'],
  doc: 'No route leads back to a listener of this relay.',
  avoid: `
routes:
  - { id: here, when: { recipient.domain: example.com }, to: "smtp://relay.example.com" }
  - { id: all, to: "smtp://192.0.2.25:25" }
`,
  prefer: `
routes:
  - { id: elsewhere, when: { recipient.domain: example.com }, to: "smtp://192.0.2.25:2525" }
  - { id: all, to: mx }
`,
  check: ({ files, surroundings }) =>
    surroundings === null ? [] : files.flatMap((file) => file.routes).flatMap((route) => checkRoute(route, surroundings)),
};

const PORTS: Readonly<Record<string, number>> = { smtp: 25, smtps: 465, lmtp: 24 };

const checkRoute = ({ to }: RouteSyntax, surroundings: Surroundings): readonly Diagnostic[] => {
  const [, scheme = '', host = '', port] = /^(smtps?|lmtp):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/i.exec(String(to.value)) ?? [];
  const target = { host: normal(host.replace(/^\[|\]$/g, '')), port: port === undefined ? PORTS[scheme.toLowerCase()] : Number(port) };
  const own = surroundings.listeners.find(
    (listener) => target.port === listener.port && leadsTo(target.host, listener, surroundings.hostname),
  );
  if (own === undefined || host === '') return [];
  return [
    diagnose('RLY4038', to.at, {
      message: `The route leads back to the listener ${own.name} of this relay`,
      help: 'Name the host that stores the mail, or write maildir:; to deliver by MX, write mx.',
    }),
  ];
};

const normal = (host: string): string => {
  const words = parseIp(host);
  return words === null ? host.toLowerCase() : formatIp(words);
};

const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

const leadsTo = (host: string, { host: listening }: LintedListener, hostname: string): boolean => {
  if (listening === null) return false;
  const own = normal(listening);
  if (ANY.has(own)) return isLoopback(host) || host === hostname.toLowerCase();
  if (isLoopback(own)) return host === own || (host === 'localhost' && own !== 'localhost');
  return host === own || host === hostname.toLowerCase();
};
