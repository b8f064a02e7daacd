import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { JsonObject } from '../../policy/json.ts';
import { readAddress } from './address.ts';
import { type Address, type DnsblConfig, type ListenerConfig, LOG_LEVELS, type RelayConfig } from './config.ts';
import { Section } from './section.ts';

/** Paths of Unix sockets may be relative to the site, like all others. */
const address = (section: Section, root: string): Address => {
  const read = readAddress(section.text('address'));
  if (!read) throw new Error(`address ${section.text('address')} passed its check and cannot be read`);
  return read.kind === 'unix' ? { kind: 'unix', path: resolve(root, read.path) } : read;
};

const listener = (section: Section, site: Section, root: string): ListenerConfig => ({
  name: section.text('name'),
  address: address(section, root),
  auth: section.has('auth') ? section.word('auth', ['none', 'optional', 'required']) : site.has('auth') ? 'optional' : 'none',
  tls: section.has('tls') ? section.word('tls', ['none', 'starttls', 'implicit']) : site.has('tls') ? 'starttls' : 'none',
});

const tls = (section: Section): RelayConfig['tls'] => ({
  cert: section.path('cert'),
  key: section.path('key'),
  minVersion: section.word('min_version', ['TLSv1.2', 'TLSv1.3']),
  askClient: section.flag('ask_client'),
});

const delivery = (section: Section): RelayConfig['delivery'] => ({
  retry: section.durations('retry'),
  lifetime: section.duration('lifetime'),
  concurrency: section.count('concurrency'),
  perDestination: section.count('per_destination'),
  delayNotice: section.has('delay_notice') ? section.duration('delay_notice') : null,
});

const dnsbl = (section: Section): DnsblConfig => ({
  zone: section.text('zone'),
  codes: section.names('codes'),
  ...(section.has('errors') ? { errors: section.text('errors') } : {}),
});

const limits = (section: Section): RelayConfig['limits'] => ({
  messageSize: section.size('message_size'),
  recipients: section.count('recipients'),
  connections: section.count('connections'),
  connectionsPerIp: section.count('connections_per_ip'),
  errors: section.count('errors'),
  commandLine: section.size('command_line'),
  headerSize: section.size('header_size'),
  mimeParts: section.count('mime_parts'),
  received: section.count('received'),
  idle: section.duration('idle'),
  session: section.duration('session'),
  hook: section.duration('hook'),
  shutdown: section.duration('shutdown'),
});

const log = (section: Section): RelayConfig['log'] => ({
  level: section.word('level', LOG_LEVELS),
  decisions: section.has('decisions') ? section.path('decisions') : null,
});

/** Turns a configuration that passed schema and checks, defaults filled in, into what the relay uses. `root` is the site's folder. */
export const assembleConfig = (value: JsonObject, root: string): RelayConfig => {
  const site = new Section(value, root);
  const dns = site.section('dns');
  const lists = site.section('dnsbl');
  return {
    root,
    hostname: site.has('hostname') ? site.text('hostname') : hostname(),
    policies: site.texts('policies'),
    listeners: site.sections('listeners').map((section) => listener(section, site, root)),
    tls: site.has('tls') ? tls(site.section('tls')) : null,
    auth: site.has('auth') ? { users: site.section('auth').path('users'), requireTls: site.section('auth').flag('require_tls') } : null,
    proxyProtocol: site.has('proxy_protocol') ? site.section('proxy_protocol').texts('from') : [],
    queue: { path: site.section('queue').path('path') },
    delivery: delivery(site.section('delivery')),
    dns: { servers: dns.texts('servers'), timeout: dns.duration('timeout'), cache: dns.size('cache') },
    dnsbl: Object.fromEntries(lists.keys().map((name) => [name, dnsbl(lists.section(name))])),
    limits: limits(site.section('limits')),
    greetingPause: site.duration('greeting_pause'),
    admin: site.has('admin') ? address(site.section('admin'), root) : null,
    log: log(site.section('log')),
    workers: value.workers === 'auto' ? 'auto' : site.count('workers'),
  };
};
