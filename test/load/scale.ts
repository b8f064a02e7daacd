/*
 * A relay that starts with a long queue: how soon it accepts mail, how soon a fresh message is tried, how evenly the
 * queue goes, what memory it takes. Destinations are found by MX on a DNS server of the harness and stand on loopback
 * addresses, port 25 (needs root); the dead ones accept connections and never greet.
 * `node --import tsx test/load/scale.ts [messages] [destinations] [dead]`; needs `npm run build`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../src/queue/journal/store.ts';
import { Account } from '../crash/relay/account.ts';
import { queueOf } from '../crash/relay/crash-site.ts';
import { RelayRun } from '../crash/relay/relay-run.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { inline, recipient, record } from '../queue/sample.ts';
import { introduced, submit } from '../relay/mail.ts';
import { openMute, openSink } from './sink.ts';

const [messages = 100_000, destinations = 1_000, dead = 100] = process.argv.slice(2).map(Number);
const [LIVE, DEAD] = ['127.9.0.1', '127.9.0.2'];
const FRESH = 'fresh.test';
const TIMEOUT = 300_000;

const domainOf = (index: number): string => `d${index % destinations}.test`;

const zone = (): Record<string, { readonly A?: readonly string[]; readonly MX?: readonly (readonly [number, string])[] }> => {
  const all: ReturnType<typeof zone> = { 'live.test': { A: [LIVE] }, 'dead.test': { A: [DEAD] }, [FRESH]: { MX: [[10, 'live.test']] } };
  for (let index = 0; index < destinations; index++) all[domainOf(index)] = { MX: [[10, index < dead ? 'dead.test' : 'live.test']] };
  return all;
};

const makeSite = (root: string, dns: string): void => {
  const config = `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
dns: { servers: ["${dns}"] }
log: { level: error }
workers: 1
delivery: { local_mx: true }
`;
  const policy = `version: 1
grants: [{ id: all, when: { recipient.domain: { ends_with: .test } } }]
routes: [{ id: world, to: mx }]
`;
  for (const folder of ['config', 'rules', 'var/queue']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'config/relay.yaml'), config);
  writeFileSync(join(root, 'rules/policy.yaml'), policy);
};

const fill = async (root: string): Promise<void> => {
  const store = await openStore({ path: queueOf(root), report: ({ reason }) => process.stderr.write(`${reason}\n`) });
  const body = Buffer.alloc(2_048, 'x');
  let next = 0;
  const some = async (): Promise<void> => {
    while (next < messages) {
      const index = next++;
      const id = `m${String(index).padStart(8, '0')}`;
      await store.add(record(id, { recipients: [recipient(`u@${domainOf(index)}`)], arrived: Date.now(), expires: 9e15 }), inline(body));
    }
  };
  await Promise.all(Array.from({ length: 100 }, some));
  await store.close();
};

const mebibytes = (run: RelayRun, field: 'VmRSS' | 'VmHWM'): number => {
  const [, kib = '0'] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${run.child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
};

const root = mkdtempSync(join(tmpdir(), 'relayctl-scale-'));
const dns = await DnsServer.start(zone());
const sink = await openSink(LIVE);
const mute = await openMute(DEAD);
makeSite(root, dns.address);
await fill(root);
const live = Array.from({ length: destinations - dead }, (_, index) => domainOf(dead + index));
const due = Math.floor((messages * live.length) / destinations);

const total = (): number => live.reduce((sum, domain) => sum + (sink.taken.get(domain) ?? 0), 0);
const spread = (): string => {
  const counts = live.map((domain) => sink.taken.get(domain) ?? 0);
  return `${Math.min(...counts)} to ${Math.max(...counts)}`;
};

/** From the 250 to the next hop that hears of the recipient. Milliseconds. */
const fresh = async (run: RelayRun, address: string): Promise<number> => {
  const client = await introduced(run.address);
  const asked = sink.asked(address);
  const reply = await submit(client, { to: [address] });
  const accepted = performance.now();
  client.destroy();
  if (!reply.startsWith('250')) throw new Error(reply);
  await Promise.race([asked, pause(TIMEOUT)]);
  return Math.round(performance.now() - accepted);
};

const reach = async (share: number): Promise<void> => {
  const until = performance.now() + TIMEOUT;
  while (total() < due * share && performance.now() < until) await pause(20);
};

const run = new RelayRun({ root, account: new Account() });
try {
  await run.ready();
  const began = performance.now();
  const since = (): number => Math.round((performance.now() - began) / 100) / 10;
  const figures: Record<string, unknown> = { messages, destinations, dead, 'start to ready, ms': Math.round(run.startTime) };
  figures['fresh message at once, ms'] = await fresh(run, `a@${FRESH}`);
  for (const share of [0.25, 0.5, 0.75]) {
    await reach(share);
    figures[`${share * 100} % of live mail`] = { seconds: since(), 'each destination': spread(), 'resident, MiB': mebibytes(run, 'VmRSS') };
    figures[`fresh message then, ms (${share})`] = {
      'known destination': await fresh(run, `f${share}@${live[0]}`),
      new: await fresh(run, `f${share}@${FRESH}`),
    };
  }
  await reach(1);
  figures['all live mail'] = {
    seconds: since(),
    taken: total(),
    of: due,
    'a second': Math.round(total() / since()),
    'resident, MiB': mebibytes(run, 'VmRSS'),
  };
  figures['most resident, MiB'] = mebibytes(run, 'VmHWM');
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  process.exitCode = total() >= due ? 0 : 1;
} finally {
  run.kill();
  await run.ended();
  sink.close();
  mute.close();
  await dns.close();
  rmSync(root, { recursive: true });
}
process.exit();
