import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import type { JsonObject } from '../../../src/policy/json.ts';
import { selfSigned } from '../../kit/certificate.ts';
import { type TempSite, tempSite } from '../../kit/site.ts';
import { signingKey } from '../../lookup/signed.ts';

export const LIMITS = { messageSize: 100_000, headerSize: 10_000, recipients: 3, received: 3, hook: 5000 } as const;

export const HOSTNAME = 'relay.example.com';

const CONFIG = `version: 1
hostname: ${HOSTNAME}
listeners: [{ name: mx, address: "127.0.0.1:0", tls: starttls, auth: optional }]
tls: { cert: config/tls.crt, key: config/tls.key }
auth: { users: config/users }
proxy_protocol: { from: [127.0.0.1] }
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
limits: { message_size: 100000, header_size: 10000, recipients: 3, received: 3, hook: 5s, shutdown: 2s, connections_per_ip: 100 }
log: { level: silent }
`;

/** A site with TLS, users and a signing key; its one policy is written over and over. */
export const agreementSite = async (test: TestContext): Promise<TempSite> => {
  const { cert, key } = selfSigned(HOSTNAME, 0, 365);
  const site = await tempSite({
    'config/relay.yaml': CONFIG,
    'config/tls.crt': cert,
    'config/tls.key': key,
    'config/users': '',
    'config/dkim.pem': signingKey().privateKey,
    'rules/10-policy.yaml': stringify({ version: 1, grants: [], rules: [], routes: [{ id: 'rest', to: 'discard:' }] } satisfies JsonObject),
  });
  test.after(() => site.remove());
  return site;
};
