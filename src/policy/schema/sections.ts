import { description, factName, hook, id, oneOrMany, sitePath } from '../forms/forms.ts';
import { choose, ref } from '../forms/refs.ts';
import type { JsonSchema } from '../json.ts';
import { COUNTED_AT } from '../limit-count.ts';
import { DURATION_PATTERN } from '../quantity.ts';
import { LIST_TYPES } from '../syntax.ts';

const guards = {
  when: { ...ref('condition'), description: 'Applies only if this condition holds' },
  unless: {
    type: 'array',
    items: ref('condition'),
    minItems: 1,
    description: 'Exceptions: does not apply if any of these conditions holds',
  },
} as const;

export const list: JsonSchema = {
  type: 'object',
  description: 'A named list, shared by all policies of the site',
  properties: {
    description,
    type: { enum: [...LIST_TYPES], description: 'Type of the entries' },
    values: { type: 'array', items: { type: ['string', 'integer'], description: 'An entry' }, description: 'The entries' },
    file: { ...sitePath, description: 'File with one entry per line, `#` starts a comment; path relative to the site' },
    min_entries: { type: 'integer', minimum: 0, description: 'Minimum number of entries; with fewer, the policy is rejected' },
    max_shrink: {
      type: ['number', 'string'],
      minimum: 0,
      maximum: 1,
      pattern: '^(?:100|\\d{1,2})(?:\\.\\d+)?%$',
      description: 'Largest share of its entries that a reload may remove, `0.2` or `20%`',
    },
  },
  required: ['type'],
  additionalProperties: false,
  ...choose({ required: ['file'] }, { properties: { values: false } }, { required: ['values'], properties: { values: { type: 'array' } } }),
};

export const grant: JsonSchema = {
  type: 'object',
  description: 'A grant: the only way to let mail through',
  properties: {
    id,
    description,
    ...guards,
    untrusted_routing: {
      type: 'boolean',
      description:
        'Lets in, for the domains it names, recipients that a next hop may send on: `user%other@here`, `other!user@here`, `"user@other"@here`. Refused by default, unless the grant names the address or lets the client send anywhere',
    },
  },
  required: ['id', 'when'],
  additionalProperties: false,
};

const countedAt = Object.entries(COUNTED_AT)
  .map(([count, hooks]) => `${count} at ${hooks.map((name) => `\`${name}\``).join(', ')}`)
  .join('; ');

const limit: JsonSchema = {
  type: 'object',
  description: 'The rule holds if `when` holds and the key is over its limit',
  properties: {
    key: {
      ...oneOrMany(factName),
      description: 'Fact, or facts whose combined values are counted; an absent value counts as a value of its own',
    },
    count: {
      enum: Object.keys(COUNTED_AT),
      description: `What to count: ${countedAt}`,
    },
    max: { type: 'integer', minimum: 1, description: 'Limit; the rule holds once it is exceeded' },
    per: { type: 'string', pattern: DURATION_PATTERN, description: 'Time window, `10m`' },
  },
  required: ['key', 'count', 'max', 'per'],
  additionalProperties: false,
};

const outcome = Object.fromEntries([
  ['then', { ...ref('outcome'), description: 'What the rule does when it holds: effects, and at most one verdict' }],
]);

export const rule: JsonSchema = {
  type: 'object',
  description: 'A rule for one hook',
  properties: {
    id,
    description,
    on: hook,
    group: { ...id, description: 'Group name by which an earlier rule can `skip` this one' },
    ...guards,
    limit,
    ...outcome,
    on_unknown: {
      enum: ['skip', 'defer'],
      description: 'If it is unknown whether the rule holds: `skip` the rule (default) or `defer` with 451',
    },
    mode: { enum: ['enforce', 'shadow'], description: '`shadow` evaluates, counts and logs without acting' },
    expires: {
      type: 'string',
      pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$',
      description: 'Last day of a shadow rule, `2027-01-31`',
    },
  },
  required: ['id', 'on', 'then'],
  additionalProperties: false,
  ...choose(
    { required: ['expires'] },
    { required: ['mode'], properties: { mode: { const: 'shadow', description: 'Only a shadow rule expires' } } },
  ),
};

export const route: JsonSchema = {
  type: 'object',
  description: 'Where mail for a recipient goes: the first route that holds',
  properties: {
    id,
    description,
    ...guards,
    to: {
      type: 'string',
      pattern: '^(?:mx|discard:|smtps?://[^\\s/]+|lmtp://[^\\s/]+|lmtp\\+unix:\\S+|maildir:\\S+)$',
      description:
        'Target: `mx`, `smtp://host:port`, `smtps://host:port`, `lmtp://host:port`, `lmtp+unix:/path`, `maildir:path` or `discard:`',
    },
    tls: {
      enum: ['none', 'opportunistic', 'required', 'verify'],
      description:
        'Encryption: never, if offered, always, or always with a verified certificate. Default `opportunistic`, or `required` with `auth`',
    },
    auth: {
      type: 'object',
      description: 'How we authenticate to the next hop',
      properties: {
        user: { type: 'string', minLength: 1, description: 'User name' },
        password_file: { ...sitePath, description: 'File with the password' },
      },
      required: ['user', 'password_file'],
      additionalProperties: false,
    },
    source_ip: { type: 'string', pattern: '^[0-9a-fA-F:.]+$', description: 'Local address to connect from' },
    helo: {
      type: 'string',
      pattern: '^[A-Za-z0-9.\\[\\]:-]+$',
      description: 'HELO name to send; default: `hostname` of the configuration',
    },
    concurrency: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'Maximum concurrent connections; default: `delivery.per_destination`',
    },
    recipients: { type: 'integer', minimum: 1, maximum: 100, description: 'Maximum recipients of one transaction; default: 100' },
    eight_bit: {
      enum: ['bounce', 'encode'],
      description:
        'What becomes of an 8-bit message if the next hop lacks 8BITMIME: it fails, or goes in quoted-printable and base64, signed ones excepted. Default `bounce`',
    },
    rate: { type: 'string', pattern: '^\\d{1,9}/(?:\\d{1,9}(?:ms|s|m|h|d|w))+$', description: 'Messages per time window, `100/1m`' },
  },
  required: ['id', 'to'],
  additionalProperties: false,
};
