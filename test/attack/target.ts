import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hashPassword } from '../../src/smtp/auth/users.ts';
import { selfSigned } from '../kit/certificate.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { ed25519 } from '../kit/keys.ts';
import { MAIN } from '../kit/main.ts';
import { type NextHop, nextHop } from '../kit/next-hop.ts';
import { PROJECT } from '../kit/project.ts';
import { type TempSite, tempSite } from '../kit/site.ts';
import { until } from '../kit/until.ts';
import { SHIPPED } from '../site/shipped-site.ts';

/** The shipped site as it is, or with everything it has switched on. */
export type Shape = 'shipped' | 'everything';

export interface TargetOptions {
  readonly shape: Shape;
  readonly workers: number;
  /** Mebibytes of heap for each process of the relay. */
  readonly heap: number;
}

/** A relay in processes of its own, as it stands on the open internet: the shipped site, a next hop, a name server. */
export interface Target {
  readonly relay: ChildProcess;
  /** Ports. */
  readonly smtp: number;
  readonly smtps: number;
  readonly hop: NextHop;
  /** Bytes that the process of the relay that took most had at its peak since the last call. */
  readonly peak: () => number;
  /** The longest that a process of the relay worked without a turn for anybody, in milliseconds of processor time. */
  readonly stall: () => number;
  /** Processor time of the serving thread of each process so far, in milliseconds. */
  readonly worked: () => readonly number[];
  readonly stop: () => Promise<void>;
}

/** Each in a network of its own, so that what one of them has used up is not the next one's. */
export const ATTACKERS = Array.from({ length: 8 }, (_, n) => `127.0.${60 + n}.1`);
export const CLIENTS = ['127.0.77.1', '127.0.78.1'] as const;

const nameOf = (address: string, domain: string) => ({
  [`${address.split('.').reverse().join('.')}.in-addr.arpa`]: { PTR: [`mx.${domain}`] },
});

const ZONE = {
  ...Object.fromEntries(ATTACKERS.flatMap((address) => Object.entries(nameOf(address, 'attacker.example')))),
  'attacker.example': { MX: [[10, 'mx.attacker.example']], TXT: ['v=spf1 mx -all'] },
  'mx.attacker.example': { A: ATTACKERS },
  ...nameOf(CLIENTS[0], 'client.example'),
  ...nameOf(CLIENTS[1], 'client.example'),
  'client.example': { MX: [[10, 'mx.client.example']], TXT: ['v=spf1 mx -all'] },
  'mx.client.example': { A: [...CLIENTS] },
} as const;

const EVERYTHING = `greeting_pause: 100ms
auth: { users: config/users, require_tls: false }
`;

const configOf = ({ shape, workers }: TargetOptions, dns: string): string => {
  const listeners = `listeners:
  - { name: mx, address: "127.0.0.1:0" }
  - { name: mxs, address: "127.0.0.1:0", tls: implicit }
tls: { cert: config/cert.pem, key: config/key.pem }
dns: { servers: ["${dns}"] }
workers: ${workers}
`;
  const [before = '', after = ''] = SHIPPED.replace('level: info', 'level: error').split(/listeners:\n(?: {2}.*\n)+/);
  const policies = shape === 'shipped' ? before : before.replaceAll('  # - rules/', '  - rules/');
  return policies + listeners + (shape === 'shipped' ? '' : EVERYTHING) + after;
};

const EDITS: readonly (readonly [from: RegExp, to: (hop: number) => string])[] = [
  [/127\.0\.0\.0\/8/, () => '127.0.0.1'],
  [/delay: 5m/, () => 'delay: 1s'],
  // What attackers send is not for the next hop, which stands in the process that measures.
  [/^routes:$/m, () => 'routes:\n  - { id: attackers, when: { recipient.address: user@example.com }, to: "discard:" }'],
  [/"maildir:var\/mail"/g, (hop) => `"smtp://127.0.0.1:${hop}"`],
];

const edited = (text: string, hop: number): string => EDITS.reduce((so, [from, to]) => so.replace(from, to(hop)), text);

const rulesOf = (hop: number): Record<string, string> => {
  const names = readdirSync('rules').filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.map((name) => [`rules/${name}`, edited(readFileSync(join('rules', name), 'utf8'), hop)]));
};

const othersOf = async (): Promise<Record<string, string>> => {
  const { cert, key } = selfSigned('relay.example.com');
  const others: Record<string, string> = {
    'config/cert.pem': cert,
    'config/key.pem': key,
    'config/dkim/example.com.pem': ed25519(),
    'config/users': `ann:${await hashPassword('right')}\n`,
  };
  for (const folder of ['config/lists', 'rules/messages'])
    for (const name of readdirSync(folder)) others[`${folder}/${name}`] = readFileSync(join(folder, name), 'utf8');
  return { ...others, 'config/lists/recipients.txt': `${others['config/lists/recipients.txt']}\nann@example.com\n` };
};

const ready = async (relay: ChildProcess): Promise<ReadonlyMap<string, number>> => {
  const out = relay.stdout;
  if (out === null) throw new Error('no output');
  const [line] = await Promise.race([
    once(createInterface({ input: out }), 'line'),
    once(relay, 'exit').then(([code]) => Promise.reject(new Error(`the relay ended with ${code}`))),
  ]);
  const words = String(line).split(' ').slice(1);
  return new Map(words.map((word): [string, number] => [word.slice(0, word.indexOf('=')), Number(word.slice(word.lastIndexOf(':') + 1))]));
};

/** The process and those it has started. */
const family = (pid: number): readonly number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number);
  return [pid, ...children.filter((child) => child > 0)];
};

/** A zombie has ended too: whoever adopted it may never ask for it. */
const lives = (pid: number): boolean => {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** Of a worker whose primary was killed: it would live for a while, and write into the folder that is about to go. */
const ended = async (worker: number): Promise<void> => {
  try {
    process.kill(worker, 'SIGKILL');
  } catch {
    return;
  }
  await until(() => !lives(worker), `the end of worker ${worker}`);
};

const resident = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

const watch = (relay: ChildProcess): (() => number) => {
  let peak = 0;
  const timer = setInterval(() => {
    try {
      peak = Math.max(peak, ...family(relay.pid ?? 0).map(resident));
    } catch {
      // It has just ended; whoever waits for it says so.
    }
  }, 200).unref();
  relay.once('exit', () => clearInterval(timer));
  return () => {
    const reached = peak;
    peak = 0;
    return reached;
  };
};

const worked = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;

const stallOf = (root: string): number => {
  const files = readdirSync(root).filter((name) => name.startsWith('stall.'));
  return Math.max(0, ...files.map((name) => Number(readFileSync(join(root, name), 'utf8'))));
};

export const openTarget = async (options: TargetOptions): Promise<Target> => {
  const [dns, hop] = [await DnsServer.start(ZONE), await nextHop()];
  const site: TempSite = await tempSite({
    ...rulesOf(hop.port),
    ...(await othersOf()),
    'config/relay.yaml': configOf(options, dns.address),
  });
  const stalls = join(site.root, 'stall');
  const watching = join(PROJECT, 'test/attack/stall-watch.mjs');
  const env = { ...process.env, NODE_OPTIONS: `--max-old-space-size=${options.heap} --import ${watching}`, STALL_FILE: stalls };
  const relay = spawn(process.execPath, [...MAIN, 'serve', '-c', site.config], { stdio: ['ignore', 'pipe', 'inherit'], env });
  const stop = async (): Promise<void> => {
    if (relay.exitCode === null && relay.signalCode === null) {
      const workers = family(relay.pid ?? 0).slice(1);
      relay.kill('SIGKILL');
      await once(relay, 'exit');
      for (const worker of workers) await ended(worker);
    }
    await Promise.all([hop.close(), dns.close()]);
    await site.remove();
  };
  try {
    const ports = await ready(relay);
    return {
      relay,
      smtp: ports.get('mx') ?? 0,
      smtps: ports.get('mxs') ?? 0,
      hop,
      peak: watch(relay),
      stall: () => stallOf(site.root),
      worked: () => family(relay.pid ?? 0).map(worked),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
