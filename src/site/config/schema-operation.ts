import type { JsonSchema } from '../../policy/json.ts';
import { LOG_LEVELS } from './config.ts';
import { bytes, choice, closed, count, optional, several, text, time } from './schema-parts.ts';

/** How mail leaves the relay, and where it waits. */
export const queueSchema: JsonSchema = optional('Where mail waits for delivery.', {
  path: text('Folder of the queue; made with mode 0700 when it is missing.', { default: 'var/queue' }),
});

export const deliverySchema: JsonSchema = optional('How often, how long and how busily delivery is tried.', {
  retry: several('Waiting time before the second attempt, the third, and so on; the last one repeats.', time('One waiting time.'), {
    minItems: 1,
    default: ['1m', '5m', '15m', '1h', '4h'],
  }),
  lifetime: time('Age at which mail that could not be delivered goes back to its sender.', '5d'),
  concurrency: count('Deliveries that may run at once, over all destinations.', 100),
  per_destination: count('Connections to one destination at once.', 20),
  delay_notice: time('Age at which the sender hears, once, that delivery is late. Left out, he does not.'),
});

export const dnsSchema: JsonSchema = optional('Who answers DNS questions.', {
  servers: several('Name servers as `host:port`; empty means those of the system.', text('`127.0.0.1:53` or `[::1]:53`.'), { default: [] }),
  timeout: time('How long one question may take before the answer is unknown.', '3s'),
  cache: bytes('Memory for the answers that are kept, in each process.', '64MiB'),
});

export const dnsblSchema: JsonSchema = {
  type: 'object',
  description: 'DNS lists by name; `zen` is the fact `dnsbl.zen`.',
  default: {},
  propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
  additionalProperties: closed(
    'One DNS list.',
    {
      zone: text('Zone that is asked, `zen.spamhaus.org`.'),
      codes: {
        type: 'object',
        description: 'Name of a code to the answer it stands for: an address, a prefix, or a range `127.0.0.4-127.0.0.7`.',
        default: {},
        propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
        additionalProperties: {
          type: ['string', 'array'],
          items: { type: 'string' },
          description: 'An address, a prefix or a range, or several.',
        },
      },
      errors: text('Answers in this range mean that the list refused to answer: the fact is unknown.'),
    },
    ['zone'],
  ),
};

export const limitsSchema: JsonSchema = optional('Bounds that no client can pass.', {
  message_size: bytes('Largest message (552 5.3.4).', '25MiB'),
  recipients: count('Recipients of one message (452 4.5.3).', 1000),
  connections: count('Connections at once (421 4.3.2).', 5000),
  connections_per_ip: count('Connections at once from one address, of IPv6 from one /64 (421 4.7.0).', 50),
  errors: count('Errors of one session before it is closed (421 4.7.0).', 10),
  command_line: bytes('Longest command line.', '2KiB'),
  header_size: bytes('Largest header of a message.', '256KiB'),
  mime_parts: count('Parts of one message that are looked into.', 1000),
  received: count('Received fields before a message counts as looping (554 5.4.6).', 50),
  idle: time('Silence of a client before its session is closed (421 4.4.2).', '5m'),
  session: time('Age at which a session is closed.', '1h'),
  hook: time('Time for one hook, look-ups included; after it, 451.', '30s'),
  shutdown: time('Time for open transactions and deliveries when the relay stops.', '30s'),
});

export const logSchema: JsonSchema = optional('What is written down.', {
  level: choice('Least severity that is logged to stderr.', LOG_LEVELS, { default: 'info' }),
  decisions: text('File of the decision log, one JSON object a line. Left out, none is kept.'),
});
