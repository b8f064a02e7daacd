import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '../../src/policy/decision.ts';
import { type NextHopOptions, nextHop, type Script } from '../kit/next-hop.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { fates, message, shortTimeouts, testDelivery } from './test-delivery.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
after(() => rmSync(folder, { recursive: true }));

const certificate = (name: string, names: string): { readonly key: string; readonly cert: string } => {
  const [key, cert] = ['key', 'cert'].map((part) => path.join(folder, `${name}.${part}`));
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ];
  execFileSync('openssl', [...request, '-addext', `subjectAltName=${names}`, '-keyout', key ?? '', '-out', cert ?? ''], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key ?? '', 'utf8'), cert: readFileSync(cert ?? '', 'utf8') };
};

const good = certificate('good', 'DNS:localhost,IP:127.0.0.1');
const other = certificate('other', 'DNS:elsewhere.example');

interface Case {
  readonly tls: Route['tls'];
  readonly hop?: NextHopOptions;
  readonly trust?: string;
  readonly scheme?: string;
  readonly auth?: Route['auth'];
}

const deliver = async ({ tls, hop: options = {}, trust, scheme = 'smtp', auth }: Case) => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  const route: Route = { id: 'r', to: `${scheme}://localhost:${hop.port}`, ...(tls ? { tls } : {}), ...(auth ? { auth } : {}) };
  const made = testDelivery(route, {
    password: async (file) => `secret of ${file}\n`,
    set: { trust: trust ?? null, timeouts: shortTimeouts },
  });
  closeAfter(made.stop);
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await made.outcomes(1);
  return { fate: fates(made)['b@example.net'], secure: hop.received[0]?.secure, sessions: hop.sessions, events: made.events };
};

const arrived = 'delivered 250 2.0.0';
const withheld = 'deferred 451 4.7.5';
const brokenHandshake: Script = (step) =>
  step === 'starttls' ? { act: 'raw', bytes: '220 2.0.0 go\r\nthis is no handshake\r\n' } : undefined;
const refusedStartTls: Script = (step) => (step === 'starttls' ? '454 4.7.0 not today' : undefined);

const handshakeThatHangs: Script = (step) => (step === 'starttls' ? { act: 'raw', bytes: '220 2.0.0 go\r\n' } : undefined);

test('a handshake that hangs does not hold up a stop', async () => {
  const hop = await nextHop({ tls: good, script: handshakeThatHangs });
  closeAfter(hop.close);
  const made = testDelivery({ id: 'r', to: `smtp://127.0.0.1:${hop.port}`, tls: 'required' });
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  for (const until = Date.now() + 120_000; hop.sessions.length === 0 && Date.now() < until; ) await sleep(5);
  assert.equal(hop.sessions.length, 1);
  const began = performance.now();
  await made.stop();
  assert.ok(performance.now() - began < 20_000, `it took ${performance.now() - began} ms`);
  assert.equal(made.delivery.status().taken, 0);
  assert.deepEqual(fates(made), {});
});

test('opportunistic uses TLS if offered, with any certificate', async () => {
  const { fate, secure } = await deliver({ tls: undefined, hop: { tls: other } });
  assert.deepEqual([fate, secure], [arrived, true]);
});

test('opportunistic continues in plain text if TLS is missing, refused or broken', async () => {
  for (const hop of [{}, { tls: good, script: refusedStartTls }, { tls: good, script: brokenHandshake }]) {
    const { fate, secure } = await deliver({ tls: 'opportunistic', hop });
    assert.deepEqual([fate, secure], [arrived, false]);
  }
});

test('none never sends STARTTLS', async () => {
  const { fate, secure } = await deliver({ tls: 'none', hop: { tls: good } });
  assert.deepEqual([fate, secure], [arrived, false]);
});

test('required takes any certificate, but never goes without', async () => {
  assert.deepEqual((await deliver({ tls: 'required', hop: { tls: other } })).secure, true);
  for (const hop of [
    { tls: good, script: refusedStartTls },
    { tls: good, script: brokenHandshake },
  ]) {
    const { fate, secure } = await deliver({ tls: 'required', hop });
    assert.deepEqual([fate, secure], [withheld, undefined]);
  }
  const { fate, secure } = await deliver({ tls: 'required' });
  assert.match(fate ?? '', /^deferred 451 4\.7\.5/);
  assert.equal(secure, undefined);
});

test('verify requires a trusted certificate for the host name', async () => {
  assert.deepEqual((await deliver({ tls: 'verify', hop: { tls: good }, trust: good.cert })).fate, arrived);
  assert.equal((await deliver({ tls: 'verify', hop: { tls: good } })).fate, withheld);
  assert.equal((await deliver({ tls: 'verify', hop: { tls: other }, trust: other.cert })).fate, withheld);
});

test('smtps speaks TLS from the first byte', async () => {
  const { fate, secure } = await deliver({ tls: 'verify', scheme: 'smtps', hop: { tls: good, implicit: true }, trust: good.cert });
  assert.deepEqual([fate, secure], [arrived, true]);
});

const auth = { user: 'relay', passwordFile: 'config/secret' };

test('credentials go over TLS', async () => {
  const { fate, sessions } = await deliver({ tls: undefined, hop: { tls: good, offers: ['AUTH PLAIN', 'DSN'] }, auth });
  assert.equal(fate, arrived);
  const line = sessions[0]?.commands.find((command) => command.startsWith('AUTH')) ?? '';
  assert.equal(Buffer.from(line.slice('AUTH PLAIN '.length), 'base64').toString(), '\0relay\0secret of config/secret');
});

test('credentials never go in the clear unless the route says so', async () => {
  for (const tls of [undefined, 'opportunistic'] as const) {
    const { fate, sessions } = await deliver({ tls, hop: { offers: ['AUTH PLAIN', 'DSN'] }, auth });
    assert.match(fate ?? '', /^deferred/);
    assert.equal(
      sessions.some(({ commands }) => commands.some((command) => command.startsWith('AUTH'))),
      false,
    );
  }
  assert.equal((await deliver({ tls: 'none', hop: { offers: ['AUTH PLAIN', 'DSN'] }, auth })).fate, arrived);
});

test('a login that is refused defers', async () => {
  const script: Script = (step) => (step === 'auth' ? '535 5.7.8 wrong' : undefined);
  const { fate } = await deliver({ tls: undefined, hop: { tls: good, offers: ['AUTH PLAIN'], script }, auth });
  assert.equal(fate, 'deferred 451 4.7.8');
});
