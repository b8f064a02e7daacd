/*
 * Words that people know from Postfix, Haraka, Exim, Sieve or another language, and ours for them. Misspelt names of keys, facts,
 * operators and actions are not listed: the nearest one is suggested.
 */

type Words = Readonly<Record<string, string>>;

const names = (key: string, others: readonly string[]): Words => Object.fromEntries(others.map((word) => [word, key]));

const LIST_OF = 'or { in: NAME } for a list';

/** Facts under other names. */
export const FACT_WORDS: Words = {
  ...{ subject: 'header.subject', list_id: 'header.list-id', reply_to: 'header.reply-to' },
  ...{ sender: 'sender.address', mail_from: 'sender.address', mailfrom: 'sender.address', return_path: 'sender.address' },
  ...{ envelope_from: 'sender.address', header_from: 'from.address', envelope_to: 'recipient.address' },
  ...{ recipient: 'recipient.address', rcpt: 'recipient.address', rcpt_to: 'recipient.address' },
  ...{ 'rcpt.domain': 'recipient.domain', 'rcpt.address': 'recipient.address', recipient_domain: 'recipient.domain' },
  ...{ 'mail.domain': 'sender.domain', sender_domain: 'sender.domain' },
  ...{ ip: 'client.ip', remote_ip: 'client.ip', client_address: 'client.ip', client: 'client.ip', host: 'client.rdns' },
  ...{ rdns: 'client.rdns', ptr: 'client.rdns', client_name: 'client.rdns', hostname: 'client.rdns', fcrdns: 'client.fcrdns' },
  ...{ helo: 'helo.name', ehlo: 'helo.name', helo_name: 'helo.name' },
  ...{ user: 'auth.user', username: 'auth.user', login: 'auth.user', sasl_username: 'auth.user' },
  ...{ spf: 'spf.result', dkim: 'dkim.result', dmarc: 'dmarc.result', arc: 'arc.result' },
  ...{ body: 'body.text', hour: 'time.hour', weekday: 'time.weekday' },
  ...{ port: 'server.port', tags: 'tag' },
};

const SIZE = 'Write message.size once the message has arrived, or message.declared_size before that.';
const DNS_LIST = 'Write dnsbl.NAME: { exists: true }, with the name of a list under dnsbl: in config/relay.yaml.';

/** Conditions under other names that ask for no value. */
export const CONDITION_ENTRIES: Words = {
  ...names('auth.user: { exists: true }', ['auth', 'authenticated', 'permit_sasl_authenticated']),
  tls: 'tls.active: true',
};

/** Conditions under other names, and what to write. */
export const CONDITION_WORDS: Words = {
  from: 'Write sender.address for the envelope, from.address for the header.',
  to: 'Write recipient.address for the envelope, header.to for the header.',
  size: SIZE,
  message_size: SIZE,
  dnsbl: DNS_LIST,
  rbl: DNS_LIST,
  reject_rbl_client: DNS_LIST,
  auth: 'Write auth.user: { exists: true }.',
  authenticated: 'Write auth.user: { exists: true }.',
  permit_sasl_authenticated: 'Write auth.user: { exists: true }.',
  tls: 'Write tls.active: true.',
  domain: 'Write sender.domain or recipient.domain, whichever you mean.',
  address: 'Write sender.address or recipient.address, whichever you mean.',
  header: 'Write header. followed by the name of the field, such as header.subject.',
  or: 'Write any: [ … ], with one condition per entry.',
  and: 'Write all: [ … ], with one condition per entry; the entries of one mapping must all hold anyway.',
  nor: 'Write none: [ … ], with one condition per entry.',
  if: 'Write the condition itself here.',
  unless: 'Write unless: beside when:, as a list of conditions.',
  check_recipient_access: `Write recipient.address: { in: NAME }, with the addresses in lists:.`,
  check_sender_access: `Write sender.address: { in: NAME }, with the addresses in lists:.`,
  check_client_access: `Write client.ip: { in: NAME }, with the networks in a list of type cidr.`,
  check_helo_access: `Write helo.name: { in: NAME }, with the names in lists:.`,
  permit_mynetworks: 'Write client.ip: { in: NAME } in a grant, with your networks in a list of type cidr.',
  mynetworks: 'Write client.ip: { in: NAME }, with your networks in a list of type cidr.',
  reject_unknown_sender_domain: 'Write sender.resolvable: false and then: reject.',
  reject_unlisted_recipient: 'Write recipient.address: { not_in: NAME } and then: reject, with the addresses in lists:.',
  country: `There is no such fact. Write client.ip with the networks, ${LIST_OF}.`,
};

/** Actions under other names, in lower case; the value after them stays the same. */
export const ACTION_NAMES: Words = {
  ...Object.fromEntries(['deny', 'refuse', 'block', 'bounce', 'ban', 'fail', '550', '554'].map((word) => [word, 'reject'])),
  ...Object.fromEntries(['denysoft', 'tempfail', 'defer_if_permit', 'soft_reject', '450', '451'].map((word) => [word, 'defer'])),
  ...{ redirect: 'redirect_to', bcc: 'add_recipient', copy: 'add_recipient', delete: 'discard' },
  ...{ delay: 'tarpit', sleep: 'tarpit', wait: 'tarpit', warn: 'log', print: 'log', label: 'tag', points: 'score' },
  ...{ prepend: 'add_header', header: 'add_header', set_header: 'replace_header', delete_header: 'remove_header' },
};

/** How to write an action that others name differently. */
export const ACTION_FORMS: Words = {
  reject: 'reject: "550 5.7.1 text"',
  defer: 'defer: "451 4.7.1 text"',
  redirect_to: 'redirect_to: user@example.com',
  add_recipient: 'add_recipient: user@example.com',
  tarpit: 'tarpit: 5s',
  log: 'log: "text"',
  add_header: 'add_header: { X-Name: "text" }',
  replace_header: 'replace_header: { X-Name: "text" }',
};

const ACCEPT = 'Write accept, which ends the hook. To let mail through, write a grant.';
const GO_ON = 'Leave the verdict out: the next rule runs anyway. If the rule has no effects either, delete it.';
const IN_REPLY = 'Write it in the reply: reject: "550 5.7.1 text".';

/** Actions of others that have no single counterpart, in lower case. */
export const ACTION_WORDS: Words = {
  ...Object.fromEntries(['permit', 'ok', 'allow', 'pass', 'stop', 'keep', 'relay'].map((word) => [word, ACCEPT])),
  ...Object.fromEntries(['cont', 'continue', 'next', 'dunno', 'declined', 'nothing', 'none'].map((word) => [word, GO_ON])),
  ...Object.fromEntries(['message', 'text', 'reply', 'code', 'reason'].map((word) => [word, IN_REPLY])),
  denydisconnect: 'Write { reject: "550 5.7.1 text", disconnect: true }.',
  denysoftdisconnect: 'Write { defer: "421 4.7.0 text" }, which closes the connection.',
  drop: 'Write discard to answer 250 and delete the message, or disconnect to close the connection.',
  reject_unauth_destination: 'Delete the rule: a recipient that no grant allows is rejected anyway.',
  permit_mynetworks: 'Write a grant: { id: our-networks, when: { client.ip: { in: NAME } } }.',
  permit_sasl_authenticated: 'Write a grant: { id: users, when: { auth.user: { exists: true } } }.',
  rewrite: 'Write rewrite_recipient or rewrite_sender, with the new address.',
  forward: 'Write a route under routes:, or redirect_to: for another recipient.',
  route: 'Write a route under routes:.',
};

/** Operators under other names. */
export const OPERATOR_WORDS: Words = {
  ...{ equals: 'eq', is: 'eq', equal: 'eq', '=': 'eq', '==': 'eq', value: 'eq' },
  ...{ not: 'ne', '!=': 'ne', is_not: 'ne', not_equals: 'ne', not_equal: 'ne' },
  ...{ regex: 'matches', regexp: 'matches', match: 'matches', pattern: 'matches', pcre: 'matches', '~': 'matches', '=~': 'matches' },
  ...{ like: 'glob', wildcard: 'glob', includes: 'contains', has: 'contains', contain: 'contains' },
  ...{ begins_with: 'starts_with', prefix: 'starts_with', suffix: 'ends_with', endswith: 'ends_with', startswith: 'starts_with' },
  ...{ '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte', min: 'gte', max: 'lte', more_than: 'gt', less_than: 'lt' },
  ...{ greater_than: 'gt', over: 'gt', under: 'lt', exist: 'exists', present: 'exists', defined: 'exists' },
  ...{ one_of: 'in', list: 'in', in_list: 'in', not_in_list: 'not_in', none_of: 'not_in', notin: 'not_in', equals_fact: 'same_as' },
};

/** Keys of the parts of a policy under other names. */
export const KEY_NAMES: Readonly<Record<string, Words>> = {
  rules: {
    ...names('when', ['if', 'condition', 'conditions', 'match', 'where', 'matches']),
    ...names('on', ['hook', 'event', 'phase', 'stage', 'at', 'hooks']),
    ...names('then', ['action', 'actions', 'do', 'verdict', 'effect', 'effects']),
    ...names('id', ['name', 'rule', 'title']),
    ...names('unless', ['except', 'except_if', 'exceptions']),
    ...names('description', ['comment', 'note', 'desc']),
    ...names('limit', ['rate', 'rate_limit', 'ratelimit', 'throttle']),
  },
  grants: {
    ...names('when', ['if', 'condition', 'conditions', 'match', 'where']),
    ...names('id', ['name', 'grant', 'title']),
    ...names('unless', ['except', 'except_if', 'exceptions']),
    ...names('description', ['comment', 'note', 'desc']),
  },
  routes: {
    ...names('when', ['if', 'condition', 'match', 'where']),
    ...names('id', ['name', 'route', 'title']),
    ...names('to', ['target', 'host', 'via', 'relayhost', 'next_hop', 'nexthop', 'smtp', 'server', 'transport', 'then']),
  },
  lists: {
    ...names('values', ['entries', 'items', 'members', 'list', 'addresses', 'domains', 'networks']),
    ...names('file', ['path', 'filename', 'source', 'from']),
    ...names('type', ['kind', 'of']),
  },
  tests: {
    ...names('given', ['session', 'input', 'when', 'with', 'facts']),
    ...names('expect', ['then', 'expects', 'expected', 'result']),
    ...names('name', ['id', 'title', 'description']),
  },
};

const NO_ACTION = 'Delete it: a grant has no action. It lets mail in when its condition holds.';
const IN_ORDER = 'Move the rule: rules run in the order they are written.';
const SWITCHED_OFF = 'To turn a rule off, put # in front of its lines; to try it out, write mode: shadow.';

/** Keys that do not exist, and what to do instead. */
export const KEY_WORDS: Readonly<Record<string, Words>> = {
  rules: {
    ...Object.fromEntries(['priority', 'order', 'weight'].map((word) => [word, IN_ORDER])),
    ...Object.fromEntries(['enabled', 'disabled', 'active'].map((word) => [word, SWITCHED_OFF])),
    else: 'Write a second rule with the opposite condition: not: { … }.',
  },
  grants: {
    ...Object.fromEntries(['then', 'accept', 'action', 'actions', 'allow', 'permit', 'verdict'].map((word) => [word, NO_ACTION])),
    on: 'Delete it: grants are evaluated at every recipient, at the hook rcpt.',
  },
  routes: {
    port: 'Write it in to:, as in "smtp://host.example:25".',
    on: 'Delete it: routes are evaluated at the hook get_mx.',
  },
};

/** Hooks under other names, in lower case with `_` between the words. */
export const HOOK_WORDS: Words = {
  ...{ connection: 'connect', conn: 'connect', ehlo: 'helo', mail_from: 'mail', mailfrom: 'mail', from: 'mail', sender: 'mail' },
  ...{ rcpt_to: 'rcpt', rcptto: 'rcpt', to: 'rcpt', recipient: 'rcpt', recipients: 'rcpt', recipient_restrictions: 'rcpt' },
  ...{ smtpd_recipient_restrictions: 'rcpt', smtpd_sender_restrictions: 'mail', smtpd_helo_restrictions: 'helo' },
  ...{ smtpd_client_restrictions: 'connect', smtpd_data_restrictions: 'data', smtpd_end_of_data_restrictions: 'data_post' },
  ...{ eod: 'data_post', end_of_data: 'data_post', dot: 'data_post', message: 'data_post', body: 'data_post', content: 'data_post' },
  ...{ header: 'data_post', headers: 'data_post', login: 'auth', delivery: 'delivered', quit: 'disconnect', rset: 'reset' },
};

/** List types under other names. */
export const LIST_TYPE_WORDS: Words = {
  ...{ ip: 'cidr', ips: 'cidr', network: 'cidr', networks: 'cidr', net: 'cidr', ipv4: 'cidr', ipv6: 'cidr', hosts: 'cidr' },
  ...{ email: 'address', emails: 'address', mail: 'address', recipient: 'address', user: 'address', host: 'domain', hostname: 'domain' },
  ...{ text: 'string', word: 'string', words: 'string', pattern: 'glob', wildcard: 'glob', regexp: 'regex', pcre: 'regex' },
};

/** Keys that belong in `config/relay.yaml`. */
export const CONFIG_WORDS: readonly string[] = [
  ...['hostname', 'policies', 'listeners', 'tls', 'auth', 'users', 'proxy_protocol', 'queue', 'delivery', 'limits', 'compat'],
  ...['greeting_pause', 'lint', 'admin', 'log', 'workers', 'dns', 'dnsbl'],
];
