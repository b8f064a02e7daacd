import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RULES = `version: 1
description: Relay for loopback, with a few rules on the way so that the policy is part of what is measured.
grants:
  - id: loopback
    when: { client.ip: 127.0.0.0/8 }
rules:
  - id: known-bad
    on: mail
    when: { sender.domain: [spam.example, junk.example] }
    then: reject
  - id: subject
    on: data_post
    when: { header.subject: { contains: "buy this now" } }
    then: { reject: "550 5.7.1 Not wanted" }
`;

/** A site that relays everything from loopback to the sink. @returns the path of its configuration */
export const writeSite = (root: string, { port, sink, workers }: { port: number; sink: number; workers: number }): string => {
  const config = `version: 1
hostname: bench.example.net
listeners: [{ name: bench, address: "127.0.0.1:${port}" }]
limits: { connections_per_ip: 1000 }
log: { level: warn }
workers: ${workers}
`;
  for (const folder of ['config', 'rules']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'config/relay.yaml'), config);
  writeFileSync(join(root, 'rules/10-bench.yaml'), RULES);
  writeFileSync(join(root, 'rules/90-routes.yaml'), `version: 1\nroutes: [{ id: sink, to: "smtp://127.0.0.1:${sink}" }]\n`);
  return join(root, 'config/relay.yaml');
};
