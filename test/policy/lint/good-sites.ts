const mx = 'routes:\n  - { id: rest, to: mx }\n';

const grants = (...all: readonly string[]): string => `grants:\n${all.map((when, at) => `  - { id: g${at}, when: ${when} }\n`).join('')}`;

const rules = (...all: readonly string[]): string => `rules:\n${all.map((rule, at) => `  - { id: r${at}, ${rule} }\n`).join('')}`;

const OURS = 'lists:\n  ours: { type: domain, values: [example.com, .example.com] }\n';

const inbound = grants('{ recipient.domain: example.com }');

/** Sound policies in many styles, by what they are about: lint has nothing to say of any. */
export const goodSites: Readonly<Record<string, string>> = {
  'one domain': `${inbound}${mx}`,
  'one address': `${grants('{ recipient.address: ann@example.com }')}${mx}`,
  'a list of domains': `${OURS}${grants('{ recipient.domain: { in: ours } }')}${mx}`,
  'users send as themselves': `${grants('{ sender.address: { same_as: auth.user } }', '{ recipient.domain: example.com }')}${mx}`,
  'users of one domain': `${grants('{ auth.user: { ends_with: "@example.com" }, tls.active: true }')}${mx}`,
  'hosts of a network': `${grants('{ client.ip: [10.0.0.0/8, 192.168.0.0/16, "2001:db8::/32"], sender.domain: example.com }')}${mx}`,
  'client certificates': `${grants(`{ tls.client_fingerprint: "${Array(32).fill('AB').join(':')}" }`)}${mx}`,
  'any of several': `${grants('{ any: [{ recipient.domain: example.com }, { recipient.domain: example.org }] }')}${mx}`,
  'all of several': `${grants('{ all: [{ client.ip: 10.0.0.0/8 }, { client.ip: { not_in: [10.1.0.0/16] } }, { sender.domain: example.com }] }')}${mx}`,
  'a network but for a host': `${grants('{ client.ip: { in: [10.0.0.0/8], ne: 10.0.0.1 }, sender.domain: example.com }')}${mx}`,
  'a domain but for an address': `${inbound}${rules('on: rcpt, when: { recipient.domain: example.com, recipient.address: { ne: ann@example.com } }, then: defer')}${mx}`,
  'an address in the domain it has': `${inbound}${rules('on: rcpt, when: { recipient.address: ann@example.com, recipient.domain: example.com }, then: defer')}${mx}`,
  'exceptions within': `${inbound}${rules('on: mail, when: { sender.domain: { ends_with: .example } }, unless: [{ sender.domain: good.example }, { sender.local: postmaster }], then: reject')}${mx}`,
  'everything but': `${inbound}${rules('on: mail, when: { not: { sender.domain: example.com } }, then: { score: 1 }', 'on: mail, when: { none: [{ sender.null: true }, { sender.domain: a.example }] }, then: { tag: [seen] }')}${mx}`,
  'several subjects': `${inbound}${rules('on: data_post, when: { header.subject: { contains: ["[EXT]", "*** SPAM ***", "100%", "US$"] } }, then: { log: "odd" }', 'on: data_post, when: { header.subject: "***SPAM***" }, then: { log: "marked" }')}${mx}`,
  'subjects that two fields have': `${inbound}${rules('on: data_post, when: { all: [{ header.received: { contains: one } }, { header.received: { contains: two } }, { header.subject: a }, { header.subject: b }] }, then: reject')}${mx}`,
  'paths and URLs': `${inbound}${rules('on: data_post, when: { header.x-path: /var/mail/ }, then: { log: "a path" }', 'on: data_post, when: { body.text: { contains: "http://spam.example/" } }, then: reject, on_unknown: defer')}${mx}`,
  'regular expressions': `${inbound}${rules('on: helo, when: { helo.name: { matches: ["^[0-9.]+$", "(?i)localhost", "\\\\.local$", "^\\\\[.*\\\\]$"] } }, then: { score: 1 }', 'on: mail, when: { sender.local: { matches: "^(?:bounce|return)[-+=]" } }, then: { tag: [bulk] }')}${mx}`,
  globs: `${inbound}${rules('on: connect, when: { client.rdns: { glob: ["*.dyn.*", "*-pool-*", "dsl?.example.net"] } }, then: { score: 1 }', 'on: mail, when: { sender.address: { glob: "news-*@*.example" } }, then: { tag: [news] }')}${mx}`,
  'quoted local parts': `${inbound}${rules(`on: rcpt, when: { recipient.local: { contains: " " } }, then: reject`, 'on: rcpt, when: { recipient.address: { matches: "^\\".*\\"@" } }, then: reject', 'on: rcpt, when: { recipient.local: { matches: "@" } }, then: reject')}${mx}`,
  'anchors in one part of an address': `${inbound}${rules('on: mail, when: { sender.domain: { matches: "^[0-9].", contains: ".a" }, sender.local: { matches: "x$" } }, then: reject')}${mx}`,
  'address literals': `${inbound}${rules('on: mail, when: { sender.domain: { starts_with: "[" } }, then: reject', 'on: helo, when: { helo.name: { glob: "[*]" } }, then: { score: 1 }')}${mx}`,
  'international names': `${inbound}${rules('on: mail, when: { sender.domain: [bücher.example, .bücher.example] }, then: reject', 'on: mail, when: { sender.domain: { ends_with: .büro.example } }, then: defer', 'on: rcpt, when: { recipient.local: müller }, then: { log: "one of ours" }')}${mx}`,
  'underscores and single labels': `${inbound}${rules('on: connect, when: { client.rdns: { contains: "_" } }, then: { score: 1 }', 'on: helo, when: { helo.name: localhost }, then: reject', 'on: mail, when: { sender.domain: localhost }, then: reject')}${mx}`,
  'capital letters where case does not count': `${inbound}${rules('on: rcpt, when: { recipient.address: Ann@Example.COM }, then: { log: "to Ann" }', 'on: mail, when: { sender.domain: { ends_with: .Spam.Example } }, then: reject', 'on: mail, when: { sender.local: { matches: "^BOUNCE-" } }, then: { tag: [bounce] }')}${mx}`,
  programs: `${inbound}${rules('on: data_post, when: { attachment: { any: { extension: [exe, SCR, bat], size: { gt: 1KiB, lt: 10MiB } } } }, then: reject, on_unknown: defer', 'on: data_post, when: { attachment: { any: { name: { ends_with: .pdf.exe } } } }, then: reject, on_unknown: defer', 'on: data_post, when: { attachment: { any: { name: "report*.xls?" } } }, then: { log: "a report" }').replace('name: "report*.xls?"', 'name: { glob: "report*.xls?" }')}${mx}`,
  'DNS lists': `${inbound}${rules('on: connect, when: { dnsbl.zen: [sbl, css] }, then: reject', 'on: connect, when: { dnsbl.zen: { exists: true } }, then: { score: 3 }', 'on: connect, when: { dnsbl.zen: { not_in: [pbl] } }, then: { score: 1 }', 'on: mail, when: { dnsbl.zen: other }, then: { score: 1 }')}${mx}`,
  'results and tags': `${inbound}${rules('on: mail, then: [{ set: { tenant: "${sender.domain}", level: 2, kind: a } }, { tag: [new, "from-${sender.domain}"] }]', 'on: rcpt, when: { result.tenant: a.example, result.level: { gte: 2 } }, then: { score: 1 }', 'on: rcpt, when: { tag: from-a.example }, then: { score: 1 }', 'on: rcpt, when: { result.kind: a }, then: { log: "kind" }')}${mx}`,
  scores: `${inbound}${rules('on: mail, when: { sender.domain: { ends_with: .example } }, then: { score: 2.5 }', 'on: data_post, when: { score: { gte: 5, lt: 10 } }, then: { add_header: { name: X-Spam, value: "yes, ${score}" } }', 'on: data_post, when: { score: { gt: 9.5 } }, then: reject', 'on: data_post, when: { score: { lt: 0 } }, then: { log: "good" }')}${mx}`,
  'office hours': `${inbound}${rules('on: rcpt, when: { any: [{ time.hour: { lt: 7 } }, { time.hour: { gte: 19 } }, { time.weekday: [sat, sun] }] }, then: { tag: [late] }', 'on: data, when: { tag: late, time.hour: 23 }, then: { log: "late" }')}${mx}`,
  'sizes and ages': `${inbound}${rules('on: mail, when: { message.declared_size: { gt: 50MiB } }, then: reject', 'on: data_post, when: { message.size: { gt: 10MiB, lte: 50MiB } }, then: { score: 1 }', 'on: data_post, when: { message.date: { gt: 30d } }, then: { score: 1 }', 'on: deferred, when: { age: { gt: 4h }, attempt: { gte: 3 } }, then: { log: "slow" }')}${mx}`,
  'replies of every kind': `${inbound}${rules('on: mail, when: { sender.domain: a.example }, then: { reject: "550 5.7.1 ${sender.domain} {not here}, 100% sure; see $HOME, #5" }', 'on: mail, when: { sender.domain: b.example }, then: { reject: "550 5.7.1 %d{x" }')}${mx}`,
  'mail authentication': `${inbound}${rules('on: mail, when: { spf.result: [fail, softfail] }, then: { score: 2 }', 'on: data_post, when: { dmarc.result: fail, dmarc.policy: reject }, then: reject', 'on: data_post, when: { dkim.domains: { any: { ends_with: .example } } }, then: { score: -1 }', 'on: data_post, when: { from.domain: { same_as: dkim.domains } }, then: { score: -1 }')}${mx}`,
  'ciphers and versions': `${inbound}${rules('on: helo, when: { tls.cipher: { contains: [RC4, 3DES] } }, then: reject', 'on: helo, when: { tls.cipher: { matches: "(?i)null" } }, then: reject', 'on: helo, when: { tls.version: [TLSv1, TLSv1.1] }, then: { score: 1 }', 'on: helo, when: { tls.version: { ne: TLSv1.3 } }, then: { log: "old" }')}${mx}`,
  'lists of every type': `lists:
  people: { type: address, values: [ann@example.com, "@example.org", "abuse@", postmaster@example.com] }
  names: { type: domain, values: [example.com, .example.com, xn--bcher-kva.example] }
  nets: { type: cidr, values: [10.0.0.0/8, 192.0.2.1, "::1", 224.0.0.0/4] }
  words: { type: string, values: [exe, Scr] }
  forms: { type: glob, values: ["*@example.com", "news-?@*"] }
  shapes: { type: regex, values: ["^bounce-[0-9]+@", "(?i)viagra"] }
${grants('{ recipient.address: { in: people } }', '{ recipient.domain: { in: names } }')}${rules('on: connect, when: { client.ip: { in: nets } }, then: { score: 1 }', 'on: data_post, when: { attachment: { any: { extension: { in: words } } } }, then: reject, on_unknown: defer', 'on: mail, when: { any: [{ sender.address: { in: forms } }, { sender.address: { in: shapes } }] }, then: { tag: [bulk] }')}${mx}`,
  'a user with the name of a list': `lists:\n  admins: { type: string, values: [root] }\n${grants('{ auth.user: { eq: admins }, tls.active: true }', '{ auth.user: { in: admins }, tls.active: true }')}${mx}`,
  'accept only ends the hook': `${inbound}${rules('on: rcpt, when: { recipient.address: ann@example.com }, then: accept', 'on: rcpt, when: { client.ip: 10.0.0.0/8 }, then: accept', 'on: rcpt, when: { recipient.domain: { ends_with: .com } }, then: defer')}${mx}`,
  'the recipients together': `${inbound}${rules('on: data, when: { recipients: { every: "@example.com" }, recipients.count: { gt: 50 } }, then: { score: 1 }', 'on: data, when: { all: [{ recipients: ann@example.com }, { recipients: bob@example.com }] }, then: { log: "both" }')}${mx}`,
  'tags of addresses': `${grants('{ recipient.base: ann@example.com }')}${rules('on: rcpt, when: { recipient.tag: { contains: "-" }, recipient.address: { contains: "+" } }, then: { log: "tagged" }')}${mx}`,
  'routes by domain': `${inbound}routes:
  - { id: a, when: { recipient.domain: a.example }, to: "smtp://10.1.0.5:2525" }
  - { id: b, when: { recipient.domain: { ends_with: .b.example }, attempt: { lt: 3 } }, to: "lmtp://10.1.0.6" }
  - { id: rest, to: mx }
`,
};
