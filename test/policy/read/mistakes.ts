/**
 * A mistake of somebody who writes a first policy: the policy without `version`, what has to change in it, into what, and what the
 * advice has to say, if that is not the change itself. The finding is on the line of what has to change.
 */
export type Mistake = readonly [policy: string, wrong: string, right: string, says?: string];

const rule = (hook: string, rest: string): string => `rules:\n  - id: a\n    on: ${hook}\n    ${rest}\n`;
const when = (hook: string, condition: string): string => rule(hook, `when: { ${condition} }\n    then: reject`);
const then = (hook: string, outcome: string): string => rule(hook, `when: { listener: mx }\n    then: ${outcome}`);
const limit = (rest: string): string => rule('mail', `limit: { key: client.ip, count: messages, ${rest} }\n    then: defer`);
const list = (rest: string): string =>
  `lists:\n  ours: ${rest}\ngrants:\n  - { id: a, when: { recipient.domain: { in: ours } } }\nroutes: [{ id: all, to: mx }]\n`;
const grant = (rest: string): string => `grants:\n  - id: a\n    ${rest}\nroutes: [{ id: all, to: mx }]\n`;
const route = (to: string): string => `routes:\n  - id: all\n    to: ${to}\n`;

export const CONDITIONS: readonly Mistake[] = [
  [rule('rcpt', 'if: { recipient.domain: a.example }\n    then: reject'), 'if:', 'when:'],
  [rule('rcpt', 'condition: { recipient.domain: a.example }\n    then: reject'), 'condition:', 'when:'],
  [when('rcpt', 'recipient: { domain: a.example }'), 'recipient: { domain: a.example }', 'recipient.domain: a.example'],
  [when('rcpt', 'client: { ip: 10.0.0.1 }'), 'client: { ip: 10.0.0.1 }', 'client.ip: 10.0.0.1'],
  [when('data_post', 'header: { subject: hello }'), 'header: { subject: hello }', 'header.subject: hello'],
  [when('data_post', 'subject: hello'), 'subject: hello', 'header.subject: hello'],
  [when('data_post', 'subject: { contains: hello }'), 'subject: { contains: hello }', 'header.subject: { contains: hello }'],
  [
    when('data_post', 'attachment.extension: exe'),
    'attachment.extension: exe',
    'attachment: { any: { extension: exe } }',
    'attachment: { any: { extension: …',
  ],
  [when('data_post', 'attachment: [exe, js]'), 'attachment: [exe, js]', 'attachment: { any: { extension: [exe, js] } }'],
  [when('data_post', 'attachment: .exe'), 'attachment: .exe', 'attachment: { any: { extension: exe } }'],
  [when('mail', 'sender: a@a.example'), 'sender: a@a.example', 'sender.address: a@a.example'],
  [when('mail', 'mail_from: a@a.example'), 'mail_from: a@a.example', 'sender.address: a@a.example'],
  [when('rcpt', 'rcpt_to: a@a.example'), 'rcpt_to: a@a.example', 'recipient.address: a@a.example'],
  [when('rcpt', 'rcpt.domain: a.example'), 'rcpt.domain: a.example', 'recipient.domain: a.example'],
  [when('data_post', 'from: a@a.example'), 'from: a@a.example', 'from.address: a@a.example', 'from.address for the header'],
  [when('mail', 'ip: 10.0.0.1'), 'ip: 10.0.0.1', 'client.ip: 10.0.0.1'],
  [when('mail', 'client_ip: 10.0.0.1'), 'client_ip', 'client.ip'],
  [when('helo', 'ehlo: home'), 'ehlo: home', 'helo.name: home'],
  [when('mail', 'user: ann'), 'user: ann', 'auth.user: ann'],
  [when('mail', 'auth: true'), 'auth: true', 'auth.user: { exists: true }'],
  [when('mail', 'tls: true'), 'tls: true', 'tls.active: true'],
  [when('mail', 'spf: fail'), 'spf: fail', 'spf.result: fail'],
  [when('data_post', 'dmarc: fail'), 'dmarc: fail', 'dmarc.result: fail'],
  [when('data_post', 'size: { gt: 10MB }'), 'size: { gt: 10MB }', 'message.size: { gt: 10MB }', 'Write message.size'],
  [when('mail', 'dnsbl.zen: true'), 'dnsbl.zen: true', 'dnsbl.zen: { exists: true }'],
  [when('rcpt', 'recipient.domain: { in: a.example }'), 'in: a.example', 'in: [a.example]', '[a.example]'],
  [when('mail', 'sender.domain: { equals: a.example }'), 'equals: a.example', 'eq: a.example'],
  [when('mail', 'sender.domain: { not: a.example }'), 'not: a.example', 'ne: a.example'],
  [when('mail', 'sender.domain: { not: [a.example, b.example] }'), 'not: [a.example, b.example]', 'not_in: [a.example, b.example]'],
  [when('mail', 'sender.domain: { regex: "^a" }'), 'regex: "^a"', 'matches: "^a"'],
  [when('mail', 'sender.domain: { like: "a*" }'), 'like: "a*"', 'glob: "a*"'],
  [when('data_post', 'message.size: { ">": 10MB }'), '">": 10MB', 'gt: 10MB'],
  [when('data_post', 'message.size: "> 10MB"'), 'message.size: "> 10MB"', 'message.size: { gt: 10MB }'],
  [when('mail', 'time.hour: "9-17"'), 'time.hour: "9-17"', 'time.hour: { gte: 9, lte: 17 }'],
  [when('mail', 'sender.null: yes'), 'yes', 'true'],
  [
    when('mail', 'all: { sender.null: true, tls.active: true }'),
    'all: { sender.null: true, tls.active: true }',
    'all: [{ sender.null: true }, { tls.active: true }]',
  ],
  [when('mail', 'not: [{ sender.null: true }]'), 'not: [{ sender.null: true }]', 'not: { sender.null: true }'],
  [
    rule('mail', 'when: [{ sender.null: true }, { tls.active: true }]\n    then: reject'),
    'when: [{ sender.null: true }, { tls.active: true }]',
    'when: { any: [{ sender.null: true }, { tls.active: true }] }',
  ],
  [
    rule('mail', 'when: sender.domain == "a.example"\n    then: reject'),
    'when: sender.domain == "a.example"',
    'when: { sender.domain: a.example }',
  ],
  [
    rule('mail', 'when: { sender.null: true }\n    unless: { tls.active: true }\n    then: reject'),
    'unless: { tls.active: true }',
    'unless: [{ tls.active: true }]',
  ],
  [
    when('rcpt', 'check_recipient_access: x'),
    'check_recipient_access: x',
    'recipient.address: [x@a.example]',
    'recipient.address: { in: NAME }',
  ],
  [when('mail', 'sender.domain: *.a.example'), 'sender.domain: *.a.example', 'sender.domain: { glob: "*.a.example" }', '"*.a.example"'],
  [when('mail', 'sender.address: @a.example'), '@a.example', '"@a.example"'],
];

export const ACTIONS: readonly Mistake[] = [
  [then('rcpt', 'permit'), 'permit', 'accept'],
  [then('rcpt', 'OK'), 'OK', 'accept'],
  [then('rcpt', 'DENY'), 'DENY', 'reject'],
  [then('rcpt', 'DENYSOFT'), 'DENYSOFT', 'defer'],
  [then('rcpt', '{ deny: "550 5.7.1 no" }'), 'deny: "550 5.7.1 no"', 'reject: "550 5.7.1 no"'],
  [then('rcpt', 'reject_unauth_destination'), 'reject_unauth_destination', 'reject', 'Delete the rule'],
  [then('rcpt', '{ delay: 5s }'), 'delay: 5s', 'tarpit: 5s'],
  [then('data_post', '{ redirect: a@a.example }'), 'redirect: a@a.example', 'redirect_to: a@a.example'],
  [then('data_post', 'drop'), 'drop', 'discard'],
  [then('rcpt', '{ reject: 550 5.7.1 Go away, please }'), '550 5.7.1 Go away, please', '"550 5.7.1 Go away, please"'],
  [then('rcpt', '{ reject: { code: 550, text: Go away } }'), '{ code: 550, text: Go away }', '"550 Go away"'],
  [then('rcpt', '{ reject: 550, message: Go away }'), '550, message: Go away', '"550 5.7.1 Go away"', 'reject: "550 5.7.1 text"'],
  [then('data_post', '{ add_header: "X-Gate: yes" }'), 'add_header: "X-Gate: yes"', 'add_header: { X-Gate: "yes" }'],
  [then('data_post', '{ quarantine: true }'), '{ quarantine: true }', 'quarantine'],
  [then('data_post', '{ score: "+5" }'), '"+5"', '5'],
  [grant('when: { recipient.domain: a.example }\n    then: accept'), '    then: accept\n', '', 'Delete it'],
];

export const PARTS: readonly Mistake[] = [
  ['rules:\n  - name: a\n    on: mail\n    then: reject\n', 'name:', 'id:'],
  ['rules:\n  - id: a\n    hook: mail\n    then: reject\n', 'hook:', 'on:'],
  ['rules:\n  - id: a\n    on: mail\n    action: reject\n', 'action:', 'then:'],
  ['rules:\n  - id: Not Us\n    on: mail\n    then: reject\n', 'id: Not Us', 'id: not-us'],
  ['rules:\n  - id: a\n    on: MAIL FROM\n    then: reject\n', 'on: MAIL FROM', 'on: mail'],
  ['rules:\n  - id: a\n    on: hook_rcpt\n    then: reject\n', 'on: hook_rcpt', 'on: rcpt'],
  ['rules:\n  - id: a\n    on: end-of-data\n    then: reject\n', 'on: end-of-data', 'on: data_post'],
  ['rules:\n  - id: a\n    on: [mail, rcpt]\n    then: reject\n', '[mail, rcpt]', 'mail', 'one rule per hook'],
  ['rules:\n  - id: a\n    on: mail\n    then: reject\n    enabled: true\n', '    enabled: true\n', '', 'mode: shadow'],
  [limit('max: 3, per: 60'), 'per: 60', 'per: 60s'],
  [limit('max: 3, per: minute'), 'per: minute', 'per: 1m'],
  [limit('max: 3, per: 5 minutes'), 'per: 5 minutes', 'per: 5m'],
  [list('[a.example, b.example]'), 'ours: [a.example, b.example]', 'ours: { type: domain, values: [a.example, b.example] }'],
  [list('{ type: hostname, values: [a.example] }'), 'type: hostname', 'type: domain'],
  [list('{ type: domain, entries: [a.example] }'), 'entries:', 'values:'],
  [list('{ type: domain, values: a.example }'), 'values: a.example', 'values: [a.example]'],
  ['grant:\n  - { id: a, when: { recipient.domain: a.example } }\nroutes: [{ id: all, to: mx }]\n', 'grant:', 'grants:', 'grants'],
  [route('"smpt://10.0.0.1:25"'), 'to: "smpt://10.0.0.1:25"', 'to: "smtp://10.0.0.1:25"'],
  [route('10.0.0.1:25'), 'to: 10.0.0.1:25', 'to: "smtp://10.0.0.1:25"'],
  [route('"smtp:[10.0.0.1]:25"'), 'to: "smtp:[10.0.0.1]:25"', 'to: "smtp://10.0.0.1:25"'],
  [route('"lmtp:unix:/run/lmtp"'), 'to: "lmtp:unix:/run/lmtp"', 'to: "lmtp+unix:/run/lmtp"'],
  [route('{ host: 10.0.0.1, port: 25 }'), 'to: { host: 10.0.0.1, port: 25 }', 'to: "smtp://10.0.0.1:25"'],
];

export const LAYOUT: readonly Mistake[] = [
  [when('helo', 'helo.name: { matches: "\\d+" }'), '"\\d+"', "'\\d+'"],
  [rule('helo', '  when: { helo.name: a }\n    then: reject'), '      when:', '    when:', '2 columns to the left'],
  ['rules:\n  - id: a\n    on: helo\n   when: { helo.name: a }\n    then: reject\n', '   when:', '    when:', '1 column to the right'],
  ['rules:\n- id: a\n  on: helo\n   then: reject\n', '   then:', '  then:', 'where line 4 starts'],
  [
    'rules:\n  - id: a\n    on: helo\n    when: { helo.name: a }\n    reject: "550 5.7.1 no"\n    then: { log: no }\n',
    '    reject: "550 5.7.1 no"\n    then: { log: no }',
    '    then: { log: no, reject: "550 5.7.1 no" }',
    'then: { reject: … }',
  ],
  [
    rule('mail', 'when: { listener: mx }\n    then:\n      - log: a\n        - tag: b'),
    '        - tag',
    '      - tag',
    'where line 7 starts',
  ],
  [rule('mail', 'when: { listener: mx }\n    then:\n      - log: a\n     - tag: b'), '     - tag', '      - tag', 'where line 7 starts'],
  [
    'rules:\n- id: a\n  on: mail\n  then: reject\n - id: b\n   on: helo\n   then: reject\n',
    ' - id: b\n   on: helo\n   then',
    '- id: b\n  on: helo\n  then',
    'to column 1, where line 3 starts',
  ],
];
