import { derived, mapped, optional } from '../key.ts';
import { mapping, several } from '../nested-keys.ts';
import { address, choice, flag, path, text } from '../scalar-keys.ts';
import { network } from './network.ts';

/* Where mail comes in, and who looks at the relay. */

const ADDRESS = '`127.0.0.1:2525`, `[::1]:2525` or `unix:/run/relay.sock`; port 0 takes any free one.';

const AUTH = choice('`required` takes no mail without AUTH; the default is `optional` when `auth:` is configured.', [
  'none',
  'optional',
  'required',
]);

const TLS = choice('The default is `starttls` when `tls:` is configured, else `none`.', ['none', 'starttls', 'implicit']);

export const listeners = several(
  'Sockets that accept mail.',
  mapping('A socket that accepts mail.', {
    name: text('Name of the listener: the fact `listener`.', { pattern: '^[a-z][a-z0-9_-]*$' }),
    address: address(ADDRESS),
    auth: derived(AUTH, ({ site }) => (site.auth === undefined ? 'none' : 'optional')),
    tls: derived(TLS, ({ site }) => (site.tls === undefined ? 'none' : 'starttls')),
    add_missing_headers: flag(
      'Add Date and Message-ID to messages that lack them (RFC 6409 8), before rules see the header. For submission only.',
      false,
    ),
  }),
  { minItems: 1 },
);

export const tls = mapping('Certificate of the relay; read again on every reload.', {
  cert: path('PEM file with the certificate and its chain.'),
  key: path('PEM file with the private key.'),
  min_version: choice('Oldest TLS version that is spoken.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
  ask_client: flag('Ask clients for a certificate; rules see its fingerprint, and no client is refused for having none.', false),
});

export const auth = mapping('Who may log in.', {
  users: path('File with one `name:hash` per line, made by `relayctl user add`.'),
  require_tls: flag('Offer AUTH on encrypted connections only.', true),
});

/** Networks whose PROXY header is trusted. */
export const proxyProtocol = mapped(
  optional(
    mapping('Load balancers in front of the relay.', {
      from: several(
        'Networks whose PROXY header (v1 and v2) is trusted; they must send one. With `UNKNOWN` in it, addresses are unknown to rules; a `LOCAL` connection is the proxy’s own.',
        network,
      ),
    }),
  ),
  (written) => written?.from ?? [],
);

/** Where the admin pages are, and the names they answer to; `null`: there are none. */
export const admin = optional(
  mapping('HTTP for health checks and metrics: `/healthz`, `/readyz`, `/metrics`.', {
    address: address(`${ADDRESS} Off the loopback it needs \`open: true\`.`),
    open: flag('Allow an address that others can reach; there is no password.', false),
    hosts: derived(
      several('Further names that requests may be for (`Host`), beside IP addresses, `localhost` and `hostname`.', text('A host name.')),
      () => [],
    ),
  }),
);
