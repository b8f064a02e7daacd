/** Files of the site that the demonstration runs. `inside` is the port of its next hop. */
export const demoSite = (inside: number): ReadonlyMap<string, string> =>
  new Map([
    [
      'config/relay.yaml',
      `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
limits: { message_size: 10KiB }
log: { level: silent }
`,
    ],
    [
      'rules/10-relay.yaml',
      `version: 1
description: Mail for the people of example.com comes in, nothing else.
lists:
  our_domains: { type: domain, values: [example.com] }
  people: { type: address, values: [ann@example.com, bob@example.com, slow@example.com] }
grants:
  - id: inbound
    when: { recipient.address: { in: people } }
rules:
  - id: unknown-recipient
    on: rcpt
    when: { recipient.domain: { in: our_domains }, grant: { exists: false } }
    then: { reject: "550 5.1.1 No such user here" }
  - id: not-now
    on: rcpt
    when: { recipient.local: slow }
    then: { defer: "450 4.2.1 Mailbox busy, try again later" }
routes:
  - { id: inside, to: "smtp://127.0.0.1:${inside}" }
`,
    ],
    [
      'rules/20-content.yaml',
      `version: 1
description: What a message must have, and what becomes of it.
rules:
  - id: from-missing
    on: data_post
    when: { header.from: { exists: false } }
    then: { reject: "550 5.6.0 From field missing" }
  - id: lottery
    on: data_post
    when: { header.subject: { contains: lottery } }
    then: discard
  - id: mark
    on: data_post
    when: { header.subject: { starts_with: "Invoice" } }
    then: { add_header: { name: X-Department, value: accounts } }
`,
    ],
  ]);
