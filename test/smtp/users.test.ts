import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticator, hashPassword, parseUsers, verifyPassword } from '../../src/smtp/auth/users.ts';

type Check = ReturnType<typeof authenticator>;

/** Microseconds of processor that so many wrong passwords take: other processes keep a clock waiting, but cost this one nothing. */
const cost = async (check: Check, user: string, times: number): Promise<number> => {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) assert.equal(await check({ user, password: 'wrong' }), false);
  return process.cpuUsage(before).user;
};

test('a hash matches only its password', async () => {
  const hash = await hashPassword('correct horse');
  assert.match(hash, /^\$scrypt\$ln=15,r=8,p=1\$[^$]{22}\$[^$]{43}$/);
  assert.equal(await verifyPassword('correct horse', hash), true);
  assert.equal(await verifyPassword('correct horsf', hash), false);
  assert.notEqual(await hashPassword('correct horse'), hash);
});

test('composed and decomposed forms are the same password', async () => {
  assert.equal(await verifyPassword('caf\u0065\u0301', await hashPassword('caf\u00e9')), true);
});

test('an empty name, a broken hash and an absurd cost are rejected', async () => {
  for (const hash of [null, '', '$scrypt$ln=15,r=8,p=1$AAAA$AAAA', '$scrypt$ln=40,r=8,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])
    assert.equal(await verifyPassword('', hash), false);
});

test('an unknown name takes about as long as a wrong password', async () => {
  const users = new Map([['ann', await hashPassword('x')]]);
  const check = authenticator(() => users);
  const [known, unknown] = [await cost(check, 'ann', 3), await cost(check, 'bob', 3)];
  assert.ok(unknown > known / 4 && unknown < known * 4, `${known} and ${unknown}`);
});

test('an unknown name costs as much as a known one, at any setting', async () => {
  const cheap = `$scrypt$ln=10,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  const check = authenticator(() => new Map([['ann', cheap]]));
  const [known, unknown] = [await cost(check, 'ann', 20), await cost(check, 'bob', 20)];
  assert.ok(unknown < known * 8, `${known} and ${unknown} µs`);
});

test('parses a users file and reports its errors', async () => {
  const hash = await hashPassword('x');
  const { users, faults } = parseUsers(`# people\nann:${hash}\n\nann:${hash}\nbob\ncarl:secret\r\n`);
  assert.deepEqual([...users.keys()], ['ann']);
  assert.deepEqual(
    faults.map(({ line }) => line),
    [4, 5, 6],
  );
});
