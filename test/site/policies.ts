/** A policy that lets mail for example.com in and sends it to a port of the loopback. */
export const relayPolicy = (port: number, more = ''): string => `version: 1
lists:
  people: { type: address, values: [ann@example.com, bob@example.com] }
grants:
  - id: inbound
    when: { recipient.address: { in: people } }
routes:
  - { id: inside, to: "smtp://127.0.0.1:${port}" }
${more}`;
