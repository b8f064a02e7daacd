import type { JsonSchema } from '../../policy/json.ts';
import { editorSchema } from '../../policy/schema/editor-schema.ts';
import { configSchema } from '../config/site-keys.ts';

/*
 * The smallest site that does something sensible: one domain of one's own goes to one inside server, what
 * one's own machines send goes out, nothing else is relayed. Its tests say so.
 */

const CONFIG = `# yaml-language-server: $schema=../schemas/relay.schema.json
version: 1
policies: [rules/*.yaml]
listeners:
  - { name: mx, address: "127.0.0.1:2525" }
queue: { path: var/queue }
`;

const RELAY = `# yaml-language-server: $schema=../schemas/policy.schema.json
version: 1
description: Who may relay through this host. Nothing else gets through.

lists:
  our_domains: { type: domain, values: [example.com] }
  our_hosts: { type: cidr, values: [127.0.0.0/8, "::1"] }

grants:
  - id: inbound
    when: { recipient.domain: { in: our_domains } }
  - id: own-hosts
    when: { client.ip: { in: our_hosts } }

tests:
  - name: mail for our domain comes in
    given: { client.ip: 203.0.113.9, sender.address: a@example.net, recipient.address: b@example.com }
    expect: { at: rcpt, verdict: accept, by: inbound }
  - name: an outsider cannot relay
    given: { client.ip: 203.0.113.9, sender.address: a@example.net, recipient.address: c@example.org }
    expect: { at: rcpt, verdict: reject, code: 550, enhanced: 5.7.1, by: grants }
  - name: our own hosts can
    given: { client.ip: 127.0.0.1, sender.address: a@example.com, recipient.address: c@example.org }
    expect: { at: rcpt, verdict: accept, by: own-hosts }
`;

const HYGIENE = `# yaml-language-server: $schema=../schemas/policy.schema.json
version: 1
description: What a message must have.

rules:
  - id: from-field
    on: data_post
    when: { header.from: { exists: false } }
    then: { reject: "550 5.6.0 From field missing" }

tests:
  - name: mail without a From field is refused
    given: { client.ip: 127.0.0.1, sender.address: a@example.com, recipient.address: b@example.com, header.from: absent }
    expect: { at: data_post, verdict: reject, code: 550, by: from-field }
`;

const ROUTES = `# yaml-language-server: $schema=../schemas/policy.schema.json
version: 1
description: Where mail goes.

routes:
  - { id: inside, when: { recipient.domain: { in: our_domains } }, to: "maildir:var/mail" }
  - { id: internet, to: mx }

tests:
  - name: mail for our domain is stored in var/mail
    given: { client.ip: 127.0.0.1, sender.address: a@example.net, recipient.address: b@example.com }
    expect: { route: "maildir:var/mail" }
`;

/** Path -> text of the policies and the configuration. */
export const smallSite: ReadonlyMap<string, string> = new Map([
  ['config/relay.yaml', CONFIG],
  ['rules/10-relay.yaml', RELAY],
  ['rules/20-hygiene.yaml', HYGIENE],
  ['rules/90-routes.yaml', ROUTES],
]);

const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;

/** What every new site has: the schemas by which an editor completes, and what belongs in no version control. */
export const commonFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['schemas/policy.schema.json', schemaText(editorSchema())],
    ['schemas/relay.schema.json', schemaText(configSchema())],
    ['.gitignore', 'var/\n'],
  ]);
