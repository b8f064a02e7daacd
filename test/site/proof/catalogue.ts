/* Sites that look as if nobody could relay through them: half of them are wrong about that. */

export interface ProvedSite {
  readonly name: string;
  /** Grants and rules of a policy that has the lists below. */
  readonly policy: string;
}

export const LISTS = `version: 1
lists:
  our_domains: { type: domain, values: [example.com, .example.com, example.de] }
  mailboxes: { type: address, values: [ann@example.com, bob@example.com, "@list.example.com"] }
  roles: { type: address, values: ["postmaster@", "abuse@", info@example.com] }
  clients: { type: cidr, values: [10.9.0.0/16, 192.0.2.0/24, "2001:db8:9::/48"] }
  guests: { type: cidr, values: [10.9.200.0/24] }
  partners: { type: domain, values: [partner.example] }
`;

/** One that lets in what it should, which each site has beside its own grants. */
const INBOUND = '  - { id: inbound, when: { recipient.address: { in: mailboxes } } }';

const site = (name: string, grants: string, rules = ''): ProvedSite => ({
  name,
  policy: `${LISTS}grants:\n${INBOUND}\n${grants.trim().replace(/^/gm, '  ')}\n${rules === '' ? '' : `rules:\n${rules.trim().replace(/^/gm, '  ')}\n`}routes: [{ id: all, to: "smtp://127.0.0.1:PORT" }]\n`,
});

export const OPEN_RELAYS: readonly ProvedSite[] = [
  site('the sender says it is one of us', '- { id: out, when: { sender.domain: { in: our_domains } } }'),
  site('one sender is trusted by its address', '- { id: out, when: { sender.address: boss@example.com } }'),
  site(
    'clients or senders instead of clients and senders',
    '- { id: out, when: { any: [{ client.ip: { in: clients } }, { sender.domain: { in: our_domains } }] } }',
  ),
  site('the name in HELO is ours', '- { id: out, when: { helo.name: { ends_with: .example.com } } }'),
  site('a HELO name that fits a pattern', '- { id: out, when: { helo.name: { matches: "^app[0-9]+[.]internal$" } } }'),
  site('delivery notices go anywhere', '- { id: bounces, when: { sender.null: true } }'),
  site('roles at every domain', '- { id: roles, when: { recipient.address: { in: roles } } }'),
  site('a local part at every domain', '- { id: postmaster, when: { recipient.local: postmaster } }'),
  site('every domain but partners', '- { id: out, when: { recipient.domain: { not_in: partners } } }'),
  site('a regular expression without an end', '- { id: inbound-too, when: { recipient.domain: { matches: "^example[.]com" } } }'),
  site('a regular expression with an open dot', '- { id: inbound-too, when: { recipient.address: { matches: "@mail.example.com$" } } }'),
  site('an address that only contains ours', '- { id: inbound-too, when: { recipient.address: { contains: "@example.com" } } }'),
  site('a top-level domain', '- { id: germany, when: { recipient.domain: { glob: "*.example" } } }'),
  site('a network of half the Internet', '- { id: out, when: { client.ip: 128.0.0.0/1 } }'),
  site('clients that are not guests', '- { id: out, when: { client.ip: { not_in: guests } } }'),
  site(
    'an exception that lets everybody else in',
    '- id: out\n  when: { sender.domain: { exists: true } }\n  unless: [{ client.ip: { in: guests } }]',
  ),
  site(
    'a rule that refuses strangers, but not those who say a neighbour’s name',
    '- { id: out, when: { sender.domain: { exists: true } } }',
    '- { id: neighbour, on: helo, when: { helo.name: gw.partner.example }, then: { skip: [outside] } }\n- { id: stranger, on: rcpt, group: outside, when: { client.ip: { not_in: clients } }, then: { reject: "550 5.7.1 No" } }',
  ),
  site(
    'a rule that accepts before the one that refuses',
    '- { id: out, when: { sender.domain: { exists: true } } }',
    '- { id: fine, on: rcpt, when: { sender.domain: { in: partners } }, then: accept }\n- { id: stranger, on: rcpt, when: { client.ip: { not_in: clients } }, then: { reject: "550 5.7.1 No" } }',
  ),
  site(
    'none of two, where one was meant to be required',
    '- { id: out, when: { none: [{ client.ip: { in: guests } }, { sender.domain: { in: partners } }] } }',
  ),
  site(
    'a rule that refuses only short HELO names',
    '- { id: out, when: { sender.domain: { in: partners } } }',
    '- { id: strange, on: helo, when: { helo.name: { matches: "^[a-z0-9.-]{1,20}$" } }, then: { reject: "550 5.7.1 No" } }',
  ),
];

export const TIGHT_SITES: readonly ProvedSite[] = [
  site('only mailboxes', '- { id: more, when: { recipient.address: info@example.com } }'),
  site('clients in our name', '- { id: out, when: { client.ip: { in: clients }, sender.domain: { in: our_domains } } }'),
  site('clients in brackets', '- { id: out, when: { client.ip: [10.9.0.0/16, 192.0.2.7] } }'),
  site('logged in', '- { id: users, when: { auth.user: { exists: true } } }'),
  site('logged in with one method', '- { id: users, when: { auth.method: plain } }'),
  site('one who is logged in', '- { id: users, when: { auth.user: [alice, bob], tls.active: true } }'),
  site('who writes in the name of the login', '- { id: users, when: { auth.user: { same_as: sender.address } } }'),
  site('a certificate that is verified', '- { id: hosts, when: { tls.client_subject: { contains: "CN=app" } } }'),
  site(
    'a certificate that is known',
    '- { id: hosts, when: { tls.client_fingerprint: "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f" } }',
  ),
  site('a domain and those below it', '- { id: domains, when: { recipient.domain: { in: our_domains } } }'),
  site('an ending with its dot', '- { id: below, when: { recipient.domain: { ends_with: .lists.example.com } } }'),
  site('a pattern in one domain', '- { id: pattern, when: { recipient.address: { glob: "*@lists.example.com" } } }'),
  site(
    'a regular expression with both anchors',
    '- { id: numbers, when: { recipient.address: { matches: "^[0-9]+@fax[.]example[.]com$" } } }',
  ),
  site('tags of mailboxes', '- { id: tagged, when: { recipient.tag: { exists: true }, recipient.base: { in: mailboxes } } }'),
  site('clients that are no guests', '- { id: out, when: { client.ip: { in: clients } }, unless: [{ client.ip: { in: guests } }] }'),
  site('either a client or a user', '- { id: out, when: { any: [{ client.ip: { in: clients } }, { auth.user: { exists: true } }] } }'),
  site('not anybody else', '- { id: out, when: { not: { client.ip: { not_in: clients } } } }'),
  site(
    'a rule that refuses strangers',
    '- { id: out, when: { sender.domain: { in: our_domains } } }',
    '- { id: stranger, on: rcpt, when: { recipient.domain: { not_in: our_domains } }, unless: [{ client.ip: { in: clients } }], then: { reject: "550 5.7.1 No" } }',
  ),
  site(
    'a rule that refuses strangers, and clients are spared',
    '- { id: out, when: { sender.domain: { exists: true } } }\n- { id: own, when: { client.ip: { in: clients } } }',
    '- { id: ours, on: connect_init, when: { client.ip: { in: clients } }, then: { skip: [outside] } }\n- { id: stranger, on: mail, group: outside, when: { sender.domain: { exists: true } }, then: { reject: "550 5.7.1 No" } }',
  ),
  site('two conditions that exclude each other', '- { id: odd, when: { sender.null: true, sender.domain: { in: partners } } }'),
];
