import { isIPv6 } from 'node:net';
import { keptName } from '../../policy/facts/find.ts';
import { newQueueId } from '../../queue/id.ts';
import type { AdmissionControl } from '../../smtp/admission.ts';
import { authenticator } from '../../smtp/auth/users.ts';
import type { ListenerSettings, RelayServerSettings } from '../../smtp/settings.ts';
import type { Keeping } from '../../transaction/evidence.ts';
import { signAll } from '../../transaction/signer.ts';
import type { Address } from '../config/address.ts';
import type { ListenerConfig, RelayConfig } from '../config/config.ts';
import type { Core } from './core.ts';
import { loginShares } from './login-shares.ts';
import { clientSockets, sessionMemory } from './resources.ts';
import type { Running } from './running.ts';

const listenAddress = (address: Address): ListenerSettings['address'] =>
  address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };

const listener = ({ name, address, tls, auth, addMissingHeaders }: ListenerConfig): ListenerSettings => ({
  name,
  address: listenAddress(address),
  tls,
  auth,
  addMissingHeaders,
});

/** A key of the policy that runs, or of the one it has replaced. */
const keyOf = ({ secrets, before }: Running, file: string): string | null => secrets.keys.get(file) ?? before?.keys.get(file) ?? null;

const keepingOf = (facts: RelayConfig['log']['facts']): Keeping | null =>
  facts === null ? null : { header: facts.header, omit: new Set(facts.omit.map(keptName)) };

/** What the SMTP room works with. `admission` counts connections for several processes. Listeners are those of the start; everything asked through a function follows a reload. */
export const serverSettings = (core: Core, admission: AdmissionControl | null): RelayServerSettings => {
  const { config } = core.running;
  const { store, log, now, metrics } = core.parts;
  const sockets = clientSockets(config);
  const { connections } = config.limits;
  const keeping = core.parts.decisions.isKept ? keepingOf(config.log.facts) : null;
  if (sockets * core.running.delivery.processes < connections)
    log.warn({ sockets, connections }, 'too few descriptors for the connections allowed');
  return {
    hostname: config.hostname,
    listeners: config.listeners.map(listener),
    limits: () => core.running.config.limits,
    ...(admission === null ? {} : { admission }),
    sockets,
    memory: () => sessionMemory(core.running.config, core.running.delivery.processes),
    shed: (shortage) => metrics.shed(shortage),
    plaintextAuth: () => core.running.config.auth?.requireTls === false,
    greetingPause: () => core.running.config.greetingPause,
    trustsProxy: (ip) => ip !== '' && core.running.proxies.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4'),
    concessions: (name, ip) => core.running.concessions(name, ip),
    tls: () => core.running.tls,
    asksClientCertificate: () => core.running.config.tls?.askClient ?? false,
    policy: () => core.running.policy,
    finder: (message) => core.finder(message),
    bodies: store,
    queueId: () => newQueueId(now()),
    accept: (message) => core.accept(message),
    send: (mail) => core.send(mail),
    sign: (content, signatures) => signAll(content, signatures, (key) => keyOf(core.running, key)),
    authenticate: config.auth === null ? null : authenticator(() => core.running.users),
    logins: loginShares(core.parts.ledger, () => core.running.config.limits),
    log,
    decisions: (decision, entry) => core.decided(decision, entry),
    judged: { keeping: () => keeping, write: (entry) => core.parts.decisions.write(entry) },
    events: (event) => core.parts.decisions.write(event),
    now,
  };
};
