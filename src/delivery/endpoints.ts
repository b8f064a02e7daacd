import type { Route } from '../policy/decision.ts';
import type { Endpoint, Login, TlsPolicy } from './client/endpoint.ts';
import { findMailHosts, findNamedHost, type HostFinder, type HostSearch } from './hosts.ts';
import type { Job } from './job.ts';
import type { DeliveryParts } from './parts.ts';
import { type Circumstances, deferral, failure, type RecipientResult } from './result.ts';
import type { DeliverySettings } from './settings.ts';

const LOOKUP_TIMEOUT = 60_000;

/** Where to connect for a job, best first; or the result for all its recipients if that settles it. Never rejects. */
export const endpointsFor = async (job: Job, parts: DeliveryParts, misses: number): Promise<readonly Endpoint[] | RecipientResult> => {
  const settings = parts.settings();
  const circumstances = { remote: '', at: parts.now() };
  const login = await loginOf(job.route, parts).catch((error: Error) => error);
  if (login instanceof Error) return deferral('4.3.5', `password of route ${job.route.id}: ${login.message}`, circumstances);
  const base = baseEndpoint(job.route, settings, login);
  if (job.target.kind === 'socket')
    return [{ ...base, place: { kind: 'socket', path: job.target.path }, name: job.target.path, protocol: 'lmtp' }];
  const search = await findHosts(job, {
    dns: parts.dns,
    settings,
    random: parts.random,
    misses,
    signal: AbortSignal.timeout(LOOKUP_TIMEOUT),
  });
  if (!search.found) return searchResult(search, circumstances);
  const { port, protocol } = job.target.kind === 'host' ? job.target : { port: settings.mxPort, protocol: 'smtp' as const };
  return search.hosts.map(({ name, address }) => ({ ...base, place: { kind: 'ip', address, port }, name, protocol }));
};

const findHosts = (job: Job, finder: HostFinder): Promise<HostSearch> =>
  job.target.kind === 'host' ? findNamedHost(job.target.host, finder) : findMailHosts(job.domain, finder);

const searchResult = (search: HostSearch & { found: false }, circumstances: Circumstances): RecipientResult =>
  search.permanent ? failure(search.enhanced, search.text, circumstances) : deferral(search.enhanced, search.text, circumstances);

const loginOf = async ({ auth }: Route, parts: DeliveryParts): Promise<Login | null> =>
  auth ? { user: auth.user, password: (await parts.password(auth.passwordFile)).trim() } : null;

const baseEndpoint = (route: Route, settings: DeliverySettings, auth: Login | null): Omit<Endpoint, 'place' | 'name' | 'protocol'> => ({
  tls: route.tls ?? defaultPolicy(auth),
  trust: settings.trust,
  auth,
  sourceIp: route.sourceIp ?? null,
  helo: route.helo ?? settings.hostname,
});

/** With a password the default is TLS, unless the route says otherwise. */
const defaultPolicy = (auth: Login | null): TlsPolicy => (auth ? 'required' : 'opportunistic');
