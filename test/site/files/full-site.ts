import { hashPassword } from '../../../src/smtp/auth/users.ts';
import { selfSigned } from '../../kit/certificate.ts';
import { ed25519, rsa } from '../../kit/keys.ts';
import { type Files, type TempSite, tempSite } from '../../kit/site.ts';

const CONFIG = `version: 1
hostname: relay.example.com
listeners:
  - { name: mx, address: "127.0.0.1:0" }
  - { name: submission, address: "127.0.0.1:0", auth: required }
tls: { cert: config/tls/cert.pem, key: config/tls/key.pem }
auth: { users: config/users }
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
queue: { path: var/queue }
limits: { shutdown: 2s }
log: { level: error, decisions: var/log/decisions.jsonl }
workers: 1
`;

const RELAY = `version: 1
lists:
  people: { type: address, file: config/lists/people.txt }
  signed: { type: domain, values: [one.example, two.example] }
grants:
  - { id: inbound, when: { recipient.address: { in: people } } }
  - { id: users, when: { auth.user: { exists: true }, tls.active: true } }
rules:
  - id: own-sender
    on: mail
    when: { auth.user: { exists: true } }
    unless: [{ sender.address: { same_as: auth.user } }]
    then: { reject: "553 5.7.1 Send from your own address" }
  - id: sign
    on: queue
    when: { grant: users, from.domain: { in: signed } }
    then: { sign_dkim: { domain: "\${from.domain}", selector: s1, key: "config/dkim/\${from.domain}.pem" } }
  - id: sign-ours
    on: queue
    when: { grant: users, from.domain: example.com }
    then: { sign_dkim: { domain: example.com, selector: s1, key: config/dkim/example.com.pem } }
routes:
  - { id: smarthost, when: { sender.domain: example.com }, to: "smtp://127.0.0.1:1", auth: { user: relay, password_file: config/smarthost } }
  - { id: nowhere, to: "discard:" }
tests:
  - name: ann gets mail
    given: { client.ip: 203.0.113.9, sender.address: a@example.net, recipient.address: ann@example.com }
    message: test/plain.eml
    expect: { at: rcpt, verdict: accept, by: inbound }
`;

const HASH = await hashPassword('secret');

/** The file of a user `ann` whose password is `secret`. */
export const ANN = `ann:${HASH}\n`;
export const MESSAGE = 'From: a@example.net\r\nSubject: hello\r\n\r\nHello\r\n';

const KEYS = {
  'config/dkim/one.example.pem': ed25519(),
  'config/dkim/two.example.pem': rsa(2048),
  'config/dkim/example.com.pem': ed25519(),
};

/** A site that names a file of every kind. */
export const fullFiles = (): Files => {
  const { cert, key } = selfSigned('relay.example.com', 0, 90);
  return {
    'config/relay.yaml': CONFIG,
    'config/tls/cert.pem': cert,
    'config/tls/key.pem': key,
    'config/users': ANN,
    'config/lists/people.txt': 'ann@example.com\nbob@example.com\n',
    'config/smarthost': 'secret\n',
    'test/plain.eml': MESSAGE,
    'rules/10-relay.yaml': RELAY,
    ...KEYS,
  };
};

export const fullSite = (): Promise<TempSite> => tempSite(fullFiles());
