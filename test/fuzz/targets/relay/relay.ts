import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { selfSigned } from '../../../kit/certificate.ts';
import { MAIN } from '../../../kit/main.ts';
import { settled } from '../../../kit/settled.ts';
import { SmtpClient } from '../../../kit/smtp-client.ts';
import { POLICIES, ShippedSite } from '../../../site/shipped-site.ts';
import { proxyHeader } from '../../grammar/proxy.ts';
import { session } from '../../grammar/session.ts';
import type { Random } from '../../random.ts';
import type { OpenTarget, Target } from '../../target.ts';
import { FuzzClient } from './client.ts';
import { type Surroundings, startSurroundings } from './surroundings.ts';

/** Trusted to send PROXY headers. */
const PROXY = '127.0.0.2';

/** A NOOP elsewhere never takes longer: milliseconds, for a machine that has other things to do. */
const TIMEOUT = 3_000;

const ADDED = `tls: { cert: config/cert.pem, key: config/key.pem }
auth: { users: config/users, require_tls: false }
proxy_protocol: { from: [${PROXY}] }
limits: { hook: 10s, idle: 5s, connections_per_ip: 1000, errors: 50, shutdown: 2s, auth_failures: 50 }
delivery: { retry: [1s], lifetime: 2s }
log: { level: warn }
workers: 1
`;

const REPLACED = /^(?:listeners|tls|auth|proxy_protocol|limits|delivery|log|workers|dns|admin|greeting_pause):.*\n(?:[ #-].*\n)*/gm;

/** The shipped site with everything switched on, its mail going to a next hop that is fuzzed as well. */
const everythingOn = ({ dns, hop }: Surroundings): { readonly site: ShippedSite; readonly config: string } => {
  const site = new ShippedSite();
  const listeners =
    'listeners: [{ name: mx, address: "127.0.0.1:0", auth: optional }, { name: secure, address: "127.0.0.1:0", tls: implicit }]\n';
  const config = site.configure(
    POLICIES,
    (text) => `${text.replace(REPLACED, '')}\n${listeners}dns: { servers: ["${dns}"], timeout: 300ms }\n${ADDED}`,
  );
  const folder = dirname(config);
  const { cert, key } = selfSigned('relay.example.com');
  const users = `ann:$scrypt$ln=4,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}\n`;
  for (const [name, text] of Object.entries({ 'cert.pem': cert, 'key.pem': key, users })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    settled(join(folder, name));
  }
  for (const policy of POLICIES) site.edit(`rules/${policy}`, (text) => text.replace(/^tests:[\s\S]*/m, ''));
  site.edit('rules/90-routes.yaml', (text) => text.replace(/to: (?:mx|\S+:\S+)$/gm, `to: "smtp://127.0.0.1:${hop}"`));
  return { site, config };
};

/** A hook may run out of time where DNS does not answer; and what else the log must not hold, whatever clients do. */
const OUT_OF_TIME = /the hook ran out of time, or the client left/;

const isFault = (line: string): boolean =>
  !OUT_OF_TIME.test(line) && (/"level":(?:"error"|"fatal"|50|60)/.test(line) || /^\s+at |Error:/.test(line));

interface RelayParts {
  readonly child: ChildProcess;
  readonly surroundings: Surroundings;
  readonly ports: ReadonlyMap<string, number>;
  /** Lines of the relay, log and all. */
  readonly output: readonly string[];
  readonly site: ShippedSite;
}

class FuzzedRelay implements OpenTarget {
  readonly #parts: RelayParts;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  readonly run = async (random: Random): Promise<void> => {
    const { output, surroundings } = this.#parts;
    const before = output.length;
    surroundings.seed = String(random.next());
    await Promise.all(random.several(1, 8, () => this.#session(random)));
    await this.#noop();
    assert.deepEqual(output.slice(before).filter(isFault), [], 'a fault in the log');
  };

  readonly memory = async (): Promise<number> => {
    const status = await readFile(`/proc/${this.#parts.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
  };

  readonly close = async (): Promise<void> => {
    const { child, surroundings, site } = this.#parts;
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    surroundings.close();
    site.remove();
    assert.equal(child.exitCode, 0, 'the relay ends in good order');
  };

  async #session(random: Random): Promise<void> {
    const proxied = random.chance(0.15);
    const port = this.#parts.ports.get(random.chance(0.05) ? 'secure' : 'mx') ?? 0;
    const steps = session(random);
    const header = proxyHeader(random).toString('latin1');
    const client = await FuzzClient.connect(port, proxied ? PROXY : `127.0.1.${1 + random.int(250)}`);
    await client.play(proxied ? [{ do: 'write', text: header }, ...steps] : steps, random);
    assert.deepEqual(client.nonsense, [], 'no reply');
  }

  async #noop(): Promise<void> {
    const { child, output, ports } = this.#parts;
    assert.equal(child.exitCode, null, `the relay has ended: ${output.slice(-5).join('\n')}`);
    const start = performance.now();
    const client = await SmtpClient.connect(`127.0.0.1:${ports.get('mx')}`, '127.0.0.9');
    await client.reply();
    assert.equal((await client.ask('NOOP')).code, 250);
    client.destroy();
    const took = performance.now() - start;
    assert.ok(took < TIMEOUT, `a NOOP took ${Math.round(took)} ms`);
  }
}

const portsIn = (line: string): ReadonlyMap<string, number> =>
  new Map([...line.matchAll(/(\w+)=127\.0\.0\.1:(\d+)/g)].map(([, name = '', port = '']) => [name, Number(port)]));

/** The whole relay over its sockets: SMTP, BDAT, TLS, AUTH, PROXY, with DNS and a next hop that answer at random. */
export const relay: Target = {
  name: 'relay',
  patience: 20_000,
  open: async () => {
    const surroundings = await startSurroundings();
    const { site, config } = everythingOn(surroundings);
    const child = spawn(process.execPath, [...MAIN, 'serve', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => output.push(line));
    const ready = (): string | undefined => output.find((line) => line.startsWith('ready '));
    while (ready() === undefined) {
      if (child.exitCode !== null) {
        surroundings.close();
        site.remove();
        assert.fail(output.join('\n'));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return new FuzzedRelay({ child, surroundings, ports: portsIn(ready() ?? ''), output, site });
  },
};
