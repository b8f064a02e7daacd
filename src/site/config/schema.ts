import type { JsonSchema } from '../../policy/json.ts';
import { deliverySchema, dnsblSchema, dnsSchema, limitsSchema, logSchema, queueSchema } from './schema-operation.ts';
import { choice, closed, flag, several, text, time } from './schema-parts.ts';

const ADDRESS = '`127.0.0.1:2525`, `[::1]:2525` or `unix:/run/relay.sock`; port 0 takes any free one.';

const listener = closed(
  'A socket that accepts mail.',
  {
    name: text('Name of the listener: the fact `listener`.', { pattern: '^[a-z][a-z0-9_-]*$' }),
    address: text(ADDRESS),
    auth: choice('`required` takes no mail without AUTH; the default is `optional` when `auth:` is configured.', [
      'none',
      'optional',
      'required',
    ]),
    tls: choice('The default is `starttls` when `tls:` is configured, else `none`.', ['none', 'starttls', 'implicit']),
  },
  ['name', 'address'],
);

const tls = closed(
  'Certificate of the relay; read again on every reload.',
  {
    cert: text('PEM file with the certificate and its chain.'),
    key: text('PEM file with the private key.'),
    min_version: choice('Oldest TLS version that is spoken.', ['TLSv1.2', 'TLSv1.3'], { default: 'TLSv1.2' }),
    ask_client: flag('Ask clients for a certificate; rules see its fingerprint, nobody is refused for having none.', false),
  },
  ['cert', 'key'],
);

const auth = closed(
  'Who may log in.',
  {
    users: text('File with one `name:hash` a line, made by `relayctl user add`.'),
    require_tls: flag('Offer AUTH on encrypted connections alone.', true),
  },
  ['users'],
);

const proxyProtocol = closed(
  'Load balancers in front of the relay.',
  { from: several('Networks whose PROXY header (v1 and v2) is believed; they must send one.', text('An address or a prefix.')) },
  ['from'],
);

const admin = closed(
  'HTTP for health checks and metrics: `/healthz`, `/readyz`, `/metrics`.',
  {
    address: text(`${ADDRESS} Off the loopback it needs \`open: true\`.`),
    open: flag('Allow an address that others can reach; there is no password.', false),
  },
  ['address'],
);

/** Closed JSON Schema of `config/relay.yaml`. `default` is not decoration: reading fills in what it says. */
export const configSchema = (): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:relayctl:schema:configuration:1',
  title: 'relayctl: config/relay.yaml',
  ...closed(
    'How the relay runs, and which policies run in which order.',
    {
      version: { const: 1, description: 'Version of this format.' },
      hostname: text('Name of this relay in greetings, trace fields and reports; the default is that of the system.', {
        pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$',
        maxLength: 253,
      }),
      policies: several('Policy files in the order in which they run; a glob expands in sorted order.', text('A path of the site.'), {
        minItems: 1,
        default: ['rules/*.yaml'],
      }),
      listeners: several('Sockets that accept mail.', listener, { minItems: 1 }),
      tls,
      auth,
      proxy_protocol: proxyProtocol,
      queue: queueSchema,
      delivery: deliverySchema,
      dns: dnsSchema,
      dnsbl: dnsblSchema,
      limits: limitsSchema,
      greeting_pause: time('Silence before the greeting; who speaks into it is an early talker.', '0s'),
      admin,
      log: logSchema,
      workers: {
        description:
          'Processes that accept and deliver mail. `auto`: one less than there are cores, at most 4, and with one or two cores a single one.',
        type: ['string', 'integer'],
        pattern: '^auto$',
        minimum: 1,
        maximum: 64,
        default: 'auto',
      },
    },
    ['version', 'listeners'],
  ),
});
