import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { hashPassword } from '../../src/smtp/auth/users.ts';
import { cheapHash } from '../kit/password.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { relayFixture, serving, siteFixture } from './site-fixture.ts';

const HELD_BACK = '454 4.7.0 Too many failed logins, try again later';
const WRONG = '535 5.7.8 Authentication credentials invalid';
const RIGHT = '235 2.7.0 Authentication successful';

const plain = (user: string, password: string): string => `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;

const config = (more = ''): string => `auth: { users: config/users, require_tls: false }\n${more}`;
const files = (hash = cheapHash('right')) => ({ 'config/users': `ann:${hash}\n` });

/** Logs in over a session of its own; `from` is an address of the loopback. */
const logIn = async (address: string, from: string, ...commands: readonly string[]): Promise<readonly string[]> => {
  const client = await SmtpClient.connect(address, from);
  try {
    await client.reply();
    await client.ask('EHLO x.example');
    return await client.dialogue(...commands);
  } finally {
    client.destroy();
  }
};

const relay = async (t: TestContext, limits: string, hash?: string) =>
  relayFixture(t, { config: config(`limits: { shutdown: 2s, connections_per_ip: 500, ${limits} }\n`), files: files(hash) });

test('password guesses from one address are blocked after ten, over any number of sessions', async (t) => {
  const { address } = await relay(t, 'auth_failures: 3');
  const guesses = Array.from({ length: 30 }, () => logIn(address, '127.0.0.2', plain('ann', 'wrong')));
  const said = (await Promise.all(guesses)).flat();
  assert.deepEqual([said.filter((one) => one === WRONG).length, said.filter((one) => one === HELD_BACK).length], [10, 20]);
  assert.deepEqual(await logIn(address, '127.0.0.2', plain('ann', 'right')), [HELD_BACK]);
  assert.deepEqual(await logIn(address, '127.0.0.3', plain('ann', 'right')), [RIGHT]);
});

test('an unknown user is counted and answered like an existing one', async (t) => {
  const { address } = await relay(t, 'auth_failures: 20, auth_failures_per_ip: 3, auth_failures_per_user: 3');
  const course = (user: string, from: string) => logIn(address, from, ...Array.from({ length: 5 }, () => plain(user, 'wrong')));
  const [present, absent] = await Promise.all([course('ann', '127.0.0.2'), course('nobody', '127.0.0.3')]);
  assert.deepEqual(present, [WRONG, WRONG, WRONG, HELD_BACK, HELD_BACK]);
  assert.deepEqual(absent, present);
});

test('distributed guesses at one user do not lock out addresses the user has logged in from', async (t) => {
  const { address } = await relay(t, 'auth_failures_per_user: 5');
  assert.deepEqual(await logIn(address, '127.0.0.9', plain('ann', 'right')), [RIGHT]);
  const said = await Promise.all(Array.from({ length: 20 }, (_, one) => logIn(address, `127.0.1.${one + 1}`, plain('ann', 'wrong'))));
  assert.equal(said.flat().filter((one) => one === WRONG).length, 5);
  assert.deepEqual(await logIn(address, '127.0.0.8', plain('ann', 'right')), [HELD_BACK]);
  assert.deepEqual(await logIn(address, '127.0.0.9', plain('ann', 'right')), [RIGHT]);
});

/** Sessions that are ready to guess, so that all guesses arrive at once. */
const ready = async (t: TestContext, address: string, from: string): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(address, from);
  t.after(() => client.destroy());
  await client.reply();
  await client.ask('EHLO x.example');
  return client;
};

test('a valid login does not wait behind 400 password guesses', { timeout: 600_000 }, async (t) => {
  const { address } = await relay(t, 'auth_failures: 3', await hashPassword('right'));
  const crowd = await Promise.all(Array.from({ length: 400 }, (_, one) => ready(t, address, `127.0.${2 + (one % 8)}.1`)));
  const [stranger, known] = [await ready(t, address, '127.0.0.5'), await ready(t, address, '127.0.0.6')];
  assert.deepEqual(await logIn(address, '127.0.0.6', plain('ann', 'right')), [RIGHT]);
  let checked = 0;
  // Most of them are still waiting when the test is over.
  for (const [one, client] of crowd.entries())
    client.ask(plain(`user${one}`, 'wrong')).then(
      ({ text }) => {
        if (text === WRONG) checked += 1;
      },
      () => undefined,
    );
  const answered = async (client: SmtpClient) => ({ text: (await client.ask(plain('ann', 'right'))).text, after: checked });
  const [first, second] = await Promise.all([answered(stranger), answered(known)]);
  assert.deepEqual([first.text, second.text], [RIGHT, RIGHT]);
  t.diagnostic(`from a new address after ${first.after} checks, from a known one after ${second.after}`);
  assert.ok(first.after <= 20 && second.after <= 20, `answered after ${first.after} and ${second.after} checks`);
});

test('two workers share the counts, which outlive the relay', { timeout: 600_000 }, async (t) => {
  const around = await siteFixture(t, { config: config('workers: 2\n'), files: files() });
  const first = await serving(around);
  const said = await Promise.all(Array.from({ length: 24 }, () => logIn(first.address, '127.0.0.2', plain('ann', 'wrong'))));
  assert.equal(said.flat().filter((one) => one === WRONG).length, 10);
  await first.stop();
  const second = await serving(around);
  assert.deepEqual(await logIn(second.address, '127.0.0.2', plain('ann', 'right')), [HELD_BACK]);
  assert.deepEqual(await logIn(second.address, '127.0.0.3', plain('ann', 'right')), [RIGHT]);
});
