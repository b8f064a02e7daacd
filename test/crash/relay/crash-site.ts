import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMAINS } from './sample.ts';

const POLICY = `version: 1
grants: [{ id: inbound, when: { recipient.domain: [${DOMAINS.join(', ')}] } }]
rules:
  - { id: seen, on: data_post, when: { header.subject: { exists: true } }, then: { tag: [seen] } }
`;

/** A site whose mail goes to the next hop on this port; retries come soon. */
export const crashSite = (root: string, port: number, workers = 1): void => {
  const config = `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
delivery: { retry: [300ms], per_destination: 20, concurrency: 20 }
limits: { shutdown: 5s, errors: 1000, connections_per_ip: 500 }
log: { level: info }
workers: ${workers}
`;
  const routes = `version: 1\nroutes:\n- { id: hop, to: "smtp://127.0.0.1:${port}", tls: none }\n`;
  for (const folder of ['config', 'rules']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'config/relay.yaml'), config);
  writeFileSync(join(root, 'rules/10-policy.yaml'), POLICY);
  writeFileSync(join(root, 'rules/90-routes.yaml'), routes);
};

export const queueOf = (root: string): string => join(root, 'var/queue');

/** What stands in the queue folder of a relay that was stopped in good order with nothing queued, and should not. */
export const leftovers = (queue: string): readonly string[] => {
  const known = new Set(['ledger', 'requests', 'corrupt', 'lost+found']);
  return readdirSync(queue, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !known.has(name.split('/')[0] ?? '') || /^(corrupt|requests)\/./.test(name),
  );
};
