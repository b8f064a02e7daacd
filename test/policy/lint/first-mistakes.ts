/** One mistake: a rule, or an entry of a list, that reads well and does not do what it says. */
export interface Mistake {
  /** Where the rule runs and what it asks; the rule stands on one line. */
  readonly on: string;
  readonly when: string;
  readonly does?: string;
  /** Lines under `lists:` and rules before this one. */
  readonly lists?: readonly string[];
  readonly before?: readonly string[];
  /** The mistake stands in the last of the lists. */
  readonly inList?: true;
  readonly code: string;
  /** Part of the message or the advice. */
  readonly says: string;
}

const LISTS = ['our_domains: { type: domain, values: [example.com] }', 'customers: { type: domain, values: [customer.example] }'];

const asks = (on: string, when: string, code: string, says: string, more: Partial<Mistake> = {}): Mistake => ({
  on,
  when,
  code,
  says,
  ...more,
});

const program = (operand: string, code: string, says: string, more: Partial<Mistake> = {}): Mistake =>
  asks('data_post', `{ attachment: { any: { extension: ${operand} } } }`, code, says, more);

const replies = (text: string, code: string, says: string): Mistake =>
  asks('mail', '{ sender.domain: spam.example }', code, says, { does: `{ reject: ${text} }` });

const entry = (when: string, list: string, says: string, code = 'RLY4016'): Mistake =>
  asks(when.includes('attachment') || when.includes('header') ? 'data_post' : 'rcpt', when, code, says, { lists: [list], inList: true });

const IN = '{ recipient.address: { in: listed } }';

/** The mistakes of a first-time author by kind. */
export const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  'the name of a list without in:': [
    asks('rcpt', '{ recipient.domain: our_domains }', 'RLY4015', 'recipient.domain: { in: our_domains }', { lists: LISTS }),
    asks('mail', '{ sender.domain: [customers] }', 'RLY4015', 'sender.domain: { in: customers }', { lists: LISTS }),
    asks('mail', '{ sender.domain: { ne: customers } }', 'RLY4015', '{ not_in: customers }', { lists: LISTS }),
    asks('rcpt', '{ recipient.domain: { eq: our_domains } }', 'RLY4012', 'is "our_domains"', { lists: LISTS }),
  ],
  'a star for every address of a domain': [
    asks('mail', '{ sender.address: "*@spam.example" }', 'RLY4015', '"@spam.example"'),
    asks('rcpt', '{ recipient.address: ["a@example.com", "*@example.org"] }', 'RLY4015', '"@example.org"'),
    asks('mail', '{ sender.address: "news*@spam.example" }', 'RLY4015', 'glob: "news*@spam.example"'),
  ],
  'a regular expression as a plain value': [
    asks('data_post', '{ header.subject: "/viagra/i" }', 'RLY4015', "matches: '(?i)viagra'"),
    asks('mail', '{ sender.local: "/^bounce-[0-9]+$/" }', 'RLY4015', "matches: '^bounce-[0-9]+$'"),
    asks('data_post', '{ header.x-mailer: /^mail.*/ }', 'RLY4015', "matches: '^mail.*'"),
  ],
  'slashes around a regular expression': [
    asks('data_post', '{ header.subject: { matches: "/viagra/i" } }', 'RLY4015', "matches: '(?i)viagra'"),
    asks('helo', '{ helo.name: { matches: "/^localhost$/" } }', 'RLY4015', "matches: '^localhost$'"),
    asks('mail', '{ sender.domain: { matches: "/spam/i" } }', 'RLY4015', "matches: 'spam'"),
  ],
  'a regular expression where text or a glob is compared': [
    asks('data_post', '{ header.subject: { contains: "viagra.*cheap" } }', 'RLY4015', "matches: 'viagra.*cheap'"),
    asks('mail', '{ sender.local: { starts_with: "^bounce" } }', 'RLY4015', "matches: '^bounce'"),
    asks('mail', '{ sender.address: { glob: ".*@spam.example" } }', 'RLY4015', 'only * and ?'),
  ],
  'an extension with its dot': [
    program('.exe', 'RLY4012', 'Write exe'),
    program('["*.scr", exe]', 'RLY4012', 'Write scr'),
    program('{ in: programs }', 'RLY4016', 'Write bat', { lists: ['programs: { type: string, values: [".bat"] }'], inList: true }),
    program('{ ends_with: ".exe" }', 'RLY4012', 'exe'),
    program('{ not_in: [.txt, pdf] }', 'RLY4012', 'Write txt'),
  ],
  'what a DNS list cannot answer': [
    asks('connect', '{ dnsbl.zen: "true" }', 'RLY4014', '{ exists: true }'),
    asks('connect', '{ dnsbl.zen: slb }', 'RLY4014', 'Did you mean sbl?'),
    asks('connect', '{ dnsbl.zen: [sbl, 127.0.0.4] }', 'RLY4014', 'sbl, css, xbl, pbl'),
    asks('connect', '{ dnsbl.zne: sbl }', 'RLY2021', 'Did you mean zen?'),
  ],
  'a result that no rule sets': [
    asks('rcpt', '{ result.rsik: high }', 'RLY4014', 'Did you mean result.risk?', {
      before: ['{ id: sets, on: mail, then: { set: { risk: high } } }'],
    }),
    asks('rcpt', '{ result.risk: hihg }', 'RLY4014', 'Did you mean high?', {
      before: ['{ id: sets, on: mail, then: { set: { risk: high } } }'],
    }),
    asks('rcpt', '{ result.tenant: { exists: true } }', 'RLY4014', 'set: { tenant: <value> }'),
  ],
  'a tag that no rule sets': [
    asks('rcpt', '{ tag: bluk }', 'RLY4014', 'Did you mean bulk?', { before: ['{ id: sets, on: mail, then: { tag: [bulk] } }'] }),
    asks('rcpt', '{ tag: { in: [blk, new] } }', 'RLY4014', 'Did you mean bulk?', {
      before: ['{ id: sets, on: mail, then: { tag: [bulk, new] } }'],
    }),
    asks('rcpt', '{ tag: bulk }', 'RLY4014', 'No rule sets a tag'),
  ],
  'a grant that there is not': [
    asks('data', '{ grant: inbuond }', 'RLY2003', 'Did you mean inbound?'),
    asks('data', '{ grant: { ne: inbond } }', 'RLY2003', 'Did you mean inbound?'),
    asks('data', '{ grant: 20-other/inbound }', 'RLY2003', 'inbound'),
  ],
  'a number out of range': [
    asks('connect', '{ time.hour: { gte: 24 } }', 'RLY4012', '0 to 23'),
    asks('connect', '{ server.port: 70000 }', 'RLY4012', '1 to 65535'),
    asks('bounce', '{ reply.code: { lt: 200 } }', 'RLY4012', '200 to 599', { does: '{ log: gone }' }),
    asks('rcpt', '{ recipient.index: -1 }', 'RLY4012', 'from 0 on'),
    asks('data', '{ recipients.count: { lt: 0 } }', 'RLY4012', 'from 0 on'),
  ],
  'a word that the fact never has': [
    asks('mail', '{ spf.result: failed }', 'RLY1104', 'fail'),
    asks('mail', '{ auth.method: cram-md5 }', 'RLY4012', '`plain` or `login`'),
    asks('helo', '{ tls.version: "1.2" }', 'RLY1104', 'TLSv1.2'),
  ],
  'a dot at the end': [
    asks('rcpt', '{ recipient.domain: { ends_with: "example.com." } }', 'RLY4012', 'Write example.com'),
    asks('mail', '{ sender.domain: { glob: "*.example.com." } }', 'RLY4012', '"*.example.com"'),
    asks('connect', '{ client.rdns: { matches: "\\\\.example\\\\.net\\\\.$" } }', 'RLY4012', 'client.rdns'),
  ],
  'an address where a domain stands': [
    asks('rcpt', '{ recipient.domain: { ends_with: "@example.com" } }', 'RLY4012', 'recipient.address'),
    asks('mail', '{ sender.domain: { contains: "ann@" } }', 'RLY4012', 'sender.address'),
    asks('mail', '{ sender.local: ann@example.com }', 'RLY4012', 'sender.address'),
    asks('rcpt', '{ recipient.local: { glob: "*@example.com" } }', 'RLY4012', 'recipient.address'),
  ],
  'a domain where an address stands': [
    asks('mail', '{ sender.address: { matches: "^spam\\\\.example$" } }', 'RLY4012', 'sender.domain'),
    asks('rcpt', '{ recipient.address: { glob: "*.example.com.*@" } }', 'RLY4012', 'recipient.address'),
    asks('mail', '{ sender.address: spam.example }', 'RLY1105', '@example.com'),
  ],
  'a space in an address': [
    asks('mail', '{ sender.address: "a@x.example, b@x.example" }', 'RLY4012', 'a@x.example, b@x.example'),
    asks('mail', '{ sender.domain: { contains: " " } }', 'RLY4012', 'sender.domain'),
    asks('rcpt', '{ recipient.domain: { starts_with: " example" } }', 'RLY4012', 'Write example'),
  ],
  'letters in a case that the values do not have': [
    asks('helo', '{ tls.cipher: { contains: rc4 } }', 'RLY4012', 'Write RC4'),
    asks('helo', '{ tls.cipher: tls_aes_256_gcm_sha384 }', 'RLY4012', 'Write TLS_AES_256_GCM_SHA384'),
    asks('helo', '{ tls.cipher: { matches: "^ecdhe-" } }', 'RLY4012', 'Write "^ECDHE-"'),
  ],
  'numbers and text': [
    asks('rcpt', '{ result.risk: "2" }', 'RLY4014', 'Write 2, without quotes', {
      before: ['{ id: sets, on: mail, then: { set: { risk: 2 } } }'],
    }),
    asks('rcpt', '{ result.risk: 2 }', 'RLY4014', 'Write "2", in quotes', {
      before: ['{ id: sets, on: mail, then: { set: { risk: "2" } } }'],
    }),
    asks('connect', '{ server.port: "25" }', 'RLY1103', '25'),
  ],
  'a network that is not one of the client': [
    asks('connect', '{ client.net: 10.0.0.0/8 }', 'RLY4012', '/24'),
    asks('connect', '{ client.ip: { starts_with: "10.0.0.0/" } }', 'RLY4012', 'client.ip'),
    asks('connect', '{ client.ip: { glob: "mail.*" } }', 'RLY4012', 'client.ip'),
  ],
  'conditions that exclude each other': [
    asks(
      'rcpt',
      '{ recipient.address: a@example.com, recipient.domain: { ne: example.com } }',
      'RLY4009',
      'recipient.address and recipient.domain',
    ),
    asks('mail', '{ all: [{ sender.domain: a.example }, { sender.domain: b.example }] }', 'RLY4009', 'any:'),
    asks('connect', '{ all: [{ client.ip: 10.0.0.0/8 }, { client.ip: 192.168.0.0/16 }] }', 'RLY4009', 'any:'),
    asks('data_post', '{ message.size: { gt: 10MiB }, not: { message.size: { gt: 5MiB } } }', 'RLY4009', 'message.size'),
    asks('mail', '{ sender.null: true, sender.domain: example.com }', 'RLY4009', 'sender.null and sender.domain'),
    asks('mail', '{ spf.result: { in: [fail, softfail], ne: fail, not_in: [softfail] } }', 'RLY4009', 'spf.result'),
    asks('rcpt', '{ recipient.domain: { ends_with: .example.com, starts_with: "[" } }', 'RLY4009', 'recipient.domain'),
  ],
  'exceptions that leave nothing': [
    asks('mail', '{ sender.domain: a.example }, unless: [{ sender.domain: [a.example, b.example] }]', 'RLY4009', 'unless:'),
    asks('connect', '{ client.ip: 10.1.0.0/16 }, unless: [{ client.ip: 10.0.0.0/8 }]', 'RLY4009', 'unless:'),
    asks('rcpt', '{ recipient.address: "@example.com" }, unless: [{ recipient.domain: example.com }]', 'RLY4009', 'unless:'),
  ],
  'conditions that always hold': [
    asks('mail', '{ any: [{ sender.domain: { ne: a.example } }, { sender.domain: { ne: b.example } }] }', 'RLY4013', 'not_in'),
    asks('rcpt', '{ any: [{ recipient.local: { not_in: [abuse] } }, { not: { recipient.local: postmaster } }] }', 'RLY4013', 'not_in'),
    asks('helo', '{ helo.name: { glob: "*" } }', 'RLY4013', 'exists: true'),
    asks('connect', '{ time.hour: { gte: 0 } }', 'RLY4013', 'every|Every'),
  ],
  'entries of address lists': [
    entry(IN, 'listed: { type: address, values: ["*@example.com"] }', '"@example.com"'),
    entry(IN, 'listed: { type: address, values: ["/^ann@/"] }', 'regex'),
    entry(IN, 'listed: { type: address, values: ["a@x.example,b@x.example"] }', 'a@x.example and b@x.example'),
    entry(IN, `listed: { type: address, values: ['"a@x.example"'] }`, 'Write a@x.example'),
    entry(IN, 'listed: { type: address, values: ["a@x.example:"] }', 'Write a@x.example'),
    entry(IN, 'listed: { type: address, values: ["a@x.example;"] }', 'Write a@x.example'),
    entry(IN, 'listed: { type: address, values: ["ann;Ann Example;ann@x.example"] }', 'never matches'),
  ],
  'entries of other lists': [
    entry('{ recipient.domain: { in: listed } }', 'listed: { type: domain, values: ["*.example.com"] }', '.example.com', 'RLY2011'),
    entry('{ recipient.domain: { in: listed } }', 'listed: { type: domain, values: ["a.example,b.example"] }', 'a.example and b.example'),
    entry('{ recipient.domain: { in: listed } }', 'listed: { type: glob, values: ["*@example.com"] }', 'never matches'),
    entry('{ recipient.local: { in: listed } }', 'listed: { type: string, values: ["ann@example.com"] }', 'never matches'),
    entry('{ recipient.domain: { in: listed } }', 'listed: { type: regex, values: ["^Ann@"] }', 'never matches'),
  ],
  'networks that are too wide': [
    entry('{ client.ip: { in: listed } }', 'listed: { type: cidr, values: [10.0.0.0/2] }', '1,073,741,824', 'RLY4018'),
    entry('{ client.ip: { in: listed } }', 'listed: { type: cidr, values: [192.168.1.0/24, 128.0.0.0/1] }', '/24', 'RLY4018'),
    entry('{ client.ip: { in: listed } }', 'listed: { type: cidr, values: [0.0.0.0/0] }', '/8', 'RLY4018'),
  ],
  'text that looks like a template': [
    replies('"550 5.7.1 {client.ip} is blocked"', 'RLY4017', 'Write ${client.ip}'),
    replies('"550 5.7.1 $client.ip is blocked"', 'RLY4017', 'Write ${client.ip}'),
    replies('"550 5.7.1 %{client_ip} is blocked"', 'RLY4017', 'Write ${client.ip}'),
    replies('"550 5.7.1 {{ sender.domain }} is blocked"', 'RLY4017', 'Write ${sender.domain}'),
    asks('data_post', '{ sender.null: false }', 'RLY4017', 'Write ${client.ip}', {
      does: '{ add_header: { name: X-Client, value: "{client.ip}" } }',
    }),
  ],
  'a text that YAML cuts': [
    replies('550 5.7.1 no, see ticket', 'RLY1019', 'quote'),
    replies('550 5.7.1 Go away, please', 'RLY1019', 'quote'),
    asks('mail', '{ sender.domain: spam.example }', 'RLY1019', 'quote', { does: '[ log: hello, world ]' }),
  ],
  'a fact of a later hook': [
    asks('mail', '{ recipient.domain: example.com }', 'RLY3001', 'from rcpt on|at rcpt'),
    asks('rcpt', '{ header.subject: offer }', 'RLY3001', 'data_post'),
    asks('helo', '{ sender.address: { same_as: auth.user } }', 'RLY3001', 'mail'),
  ],
  'accept without a grant': [
    asks('rcpt', '{ recipient.domain: partner.example }', 'RLY3010', 'grants:', { does: 'accept' }),
    asks('rcpt', '{ recipient.address: ann@partner.example }', 'RLY3010', 'grants:', { does: 'accept' }),
    asks('rcpt', '{ recipient.address: "@partner.example", client.ip: 10.0.0.0/8 }', 'RLY3010', 'grants:', { does: 'accept' }),
  ],
};

const lines = (heading: string, all: readonly string[]): string =>
  all.length === 0 ? '' : `${heading}:\n${all.map((line) => `  ${line}\n`).join('')}`;

/** The site of a mistake, and the line it stands on. */
export const siteOf = ({
  on,
  when,
  does = 'defer',
  lists = [],
  before = [],
  inList,
}: Mistake): { readonly text: string; readonly line: number } => {
  const rule = `- { id: case, on: ${on}, when: ${when}, then: ${does} }`;
  const head = `version: 1\n${lines('lists', lists)}`;
  const granted = `${head}${lines('grants', ['- { id: inbound, when: { recipient.domain: example.com } }'])}`;
  const text = `${granted}${lines('rules', [...before.map((one) => `- ${one}`), rule])}${lines('routes', ['- { id: rest, to: mx }'])}`;
  const rows = text.split('\n');
  return { text, line: inList ? head.split('\n').length - 1 : rows.findIndex((row) => row.includes('id: case')) + 1 };
};
