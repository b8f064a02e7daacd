/*
 * How long a session waits while a large site is reloaded under load: a process of its own asks NOOP every few
 * milliseconds, others send mail, and SIGHUP brings in 10,000 rules and a list of a million addresses.
 * `node --import tsx test/load/reload-pause.ts [rules] [entries] [reloads] [workers]`. First the same without a reload, to
 * know what the machine does by itself.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { requestStatus } from '../../src/site/control/requests.ts';
import { nextHop } from '../kit/next-hop.ts';
import { serveProcess, tempSite } from '../kit/site.ts';
import { introduced, submit } from '../relay/mail.ts';

const [rules = 10_000, entries = 1_000_000, reloads = 3, workers = 1] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const A_FILE = 3000;

const rule = (n: number): string => {
  const when = [
    `{ recipient.domain: d${n}.example }`,
    `{ client.ip: 10.${n % 250}.${Math.floor(n / 250) % 250}.0/24 }`,
    `{ recipient.domain: .d${n}.example }`,
    `{ sender.local: { starts_with: bounce-${n}- } }`,
    `{ sender.address: { glob: "*@*.n${n}.example" } }`,
  ][n % 5];
  return `  - { id: r${n}, on: rcpt, when: ${when}, then: { reject: "550 5.7.1 no" } }`;
};

const policies = (mark: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(rules / A_FILE) }, (_, file) => [
      `rules/${20 + file}-rules.yaml`,
      `version: 1\ndescription: Number ${mark}.\nrules:\n${Array.from({ length: Math.min(A_FILE, rules - file * A_FILE) }, (__, n) => rule(file * A_FILE + n)).join('\n')}\n`,
    ]),
  );

const people = (mark: number): Buffer =>
  Buffer.from(Array.from({ length: entries }, (_, n) => `person${n + mark}@customer${n % 5000}.example\n`).join(''));

/** The prober: NOOP every three milliseconds, and how long each took. */
const probe = async (address: string): Promise<void> => {
  const client = await introduced(address);
  let waits: number[] = [];
  process.on('message', () => {
    process.send?.(waits);
    waits = [];
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
  for (;;) {
    const began = performance.now();
    await client.ask('NOOP');
    waits.push(performance.now() - began);
    await pause(3);
  }
};

/** Milliseconds. */
const GIVE_UP = 180_000;

/** Puts a process and its children ahead of others, every thread of them: whoever waits for the garbage collector's is as slow as they are. */
const first = (pid: number): void => {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      setPriority(Number(thread), -15);
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean);
      for (const child of children) first(Number(child));
    }
  } catch {
    // Without the right to it the figures are as busy as the machine.
  }
};

const shown = (what: string, waits: readonly number[]): void => {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  const over = sorted.filter((wait) => wait > 50).length;
  process.stdout.write(
    `${what.padEnd(12)} ${sorted.length} NOOPs: median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)} ms, over 50 ms: ${over}\n`,
  );
};

const measure = async (): Promise<void> => {
  /** Made before anybody measures: it takes a while. */
  const lists = Array.from({ length: reloads + 1 }, (_, mark) => people(mark));
  const hop = await nextHop();
  const site = await tempSite({
    'config/relay.yaml': `version: 1\nhostname: relay.example.com\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\ndns: { servers: ["127.0.0.1:1"], timeout: 200ms }\nlog: { level: silent }\nlimits: { commands: 1000000 }\nworkers: ${workers}\n`,
    'rules/10-open.yaml': `version: 1\nlists:\n  people: { type: address, file: config/people.txt }\ngrants:\n  - { id: inbound, when: { recipient.domain: example.com } }\n  - { id: people, when: { recipient.address: { in: people } } }\n`,
    'rules/90-routes.yaml': `version: 1\nroutes:\n  - { id: hop, to: "smtp://127.0.0.1:${hop.port}", tls: none }\n`,
    ...policies(0),
  });
  await writeFile(join(site.root, 'config/people.txt'), lists[0] ?? '');
  const served = await serveProcess(site);
  const address = served.addresses.get('mx') ?? assert.fail('no listener');
  first(served.process.pid ?? 0);
  const prober = fork(import.meta.filename, ['probe', address], { execArgv: process.execArgv });
  await once(prober, 'message');
  first(prober.pid ?? 0);
  const waits = async (): Promise<readonly number[]> => {
    prober.send('waits');
    const [found] = await once(prober, 'message');
    return Array.isArray(found) ? found : [];
  };
  const policy = async (): Promise<string> => {
    const answer = await requestStatus(site.config);
    return answer.kind === 'answered' ? answer.result.policy : assert.fail('the relay does not run');
  };
  let over = false;
  let sent = 0;
  const senders = Array.from({ length: 3 }, async () => {
    const client = await introduced(address);
    for (; !over; sent++) assert.match(await submit(client), /^250 /);
    client.destroy();
  });
  await pause(2000);
  await waits();
  await pause(4000);
  shown('no reload', await waits());
  for (let reload = 1; reload <= reloads; reload++) {
    for (const [path, text] of Object.entries(policies(reload))) await writeFile(join(site.root, path), text);
    await writeFile(join(site.root, 'config/people.txt'), lists[reload] ?? '');
    await pause(500);
    const before = await policy();
    await waits();
    const began = performance.now();
    served.process.kill('SIGHUP');
    while ((await policy()) === before) {
      if (performance.now() - began > GIVE_UP) assert.fail('the reload is not taken');
      await pause(100);
    }
    const took = performance.now() - began;
    await pause(1500);
    shown(`reload ${reload}`, await waits());
    process.stdout.write(`             taken after ${(took / 1000).toFixed(1)} s\n`);
  }
  over = true;
  await Promise.all(senders);
  process.stdout.write(`${sent} messages\n`);
  prober.disconnect();
  await served.stop();
  await hop.close();
  await site.remove();
};

if (process.argv[2] === 'probe') await probe(process.argv[3] ?? '');
else await measure();
