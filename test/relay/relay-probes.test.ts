import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelope, submit } from './mail.ts';
import { OPEN, relayFixture } from './site-fixture.ts';

/*
 * What relay testers have tried since the nineties, against a relay that takes everything for example.com from anybody. `ours` is
 * its domain, `host` its name, `ip` its address; other.test is somebody else.
 */

const OURS = 'example.com';
const HOST = 'relay.example.com';
const IP = '[127.0.0.1]';
const OTHER = 'other.test';

/** The sixteen probes of the relay testers: sender and recipient. */
const PROBES: readonly (readonly [string, string])[] = [
  ['', `user@${OTHER}`],
  [`spam@${OTHER}`, `user@${OTHER}`],
  ['spam', `user@${OTHER}`],
  [`spam@${OURS}`, `user@${OTHER}`],
  [`spam@${HOST}`, `user@${OTHER}`],
  [`spam@${IP}`, `user@${OTHER}`],
  [`spam@${OTHER}`, `user%${OTHER}@${OURS}`],
  [`spam@${IP}`, `user%${OTHER}@${IP}`],
  [`spam@${OURS}`, `"user@${OTHER}"`],
  [`spam@${OURS}`, `"user%${OTHER}"`],
  [`spam@${OURS}`, `user@${OTHER}@${OURS}`],
  [`spam@${OURS}`, `"user@${OTHER}"@${OURS}`],
  [`spam@${IP}`, `user@${OTHER}@${IP}`],
  [`spam@${OURS}`, `@${OURS}:user@${OTHER}`],
  [`spam@${OURS}`, `${OTHER}!user`],
  [`spam@${OURS}`, `${OTHER}!user@${OURS}`],
];

/** Further ways to write somebody else's address as one of ours. */
const TRICKS: readonly string[] = [
  `user%${OTHER}%${OURS}`,
  `user%${OTHER}@${HOST}`,
  `user%${OTHER}@${OURS}.`,
  `${OTHER}!user@${IP}`,
  `@${OURS},@${HOST}:user@${OTHER}`,
  `@${OTHER}:user%${OTHER}@${OURS}`,
  `@${OURS}:user%${OTHER}@${OURS}`,
  `"user%${OTHER}"@${OURS}`,
  `"user\\@${OTHER}"@${OURS}`,
  `"user\\%${OTHER}"@${OURS}`,
  `"@${OTHER}:user"@${OURS}`,
  `"${OTHER}!user"@${OURS}`,
  `ann+%${OTHER}@${OURS}`,
  `user@${OTHER}\\@${OURS}`,
  `user@${OTHER}#${OURS}`,
  `user@${OTHER}(${OURS})`,
  `user(@${OURS})@${OTHER}`,
  `user@${OTHER},ann@${OURS}`,
  `user@${OTHER} ann@${OURS}`,
  `user@${OTHER}>,<ann@${OURS}`,
  `user@${OTHER};@${OURS}`,
  `user@${OTHER}/${OURS}`,
  `user@${OTHER}.${OURS}@`,
  `user@${OURS}.${OTHER}`,
  `user@not${OURS}`,
  `user@.${OURS}`,
  `user@${OURS}..`,
  `user@[${OURS}]`,
  'user@2130706433',
  'user@[IPv6:::1]',
  'user@[IPv6:::ffff:127.0.0.1]',
  'user@',
  '@',
  `@${OURS}`,
  '',
];

const refused = (reply: string): boolean => /^5\d\d /.test(reply);

test('none of the sixteen relay probes gets through', async (t) => {
  const { connect, hop } = await relayFixture(t, { policy: OPEN, config: 'limits: { errors: 1000, shutdown: 2s }' });
  const client = await connect();
  for (const [from, to] of PROBES) {
    const replies = await envelope(client, { from, to: [to] });
    assert.ok(replies.some(refused), `${from} -> ${to}: ${replies.join(' | ')}`);
    await client.ask('RSET');
  }
  assert.match(await submit(client), /^250 /);
  assert.equal((await hop.arrived(1)).length, 1);
});

test('no disguised address gets through', async (t) => {
  const { connect } = await relayFixture(t, { policy: OPEN, config: 'limits: { errors: 1000, shutdown: 2s }' });
  const client = await connect();
  for (const to of TRICKS) {
    const replies = await envelope(client, { to: [to] });
    assert.ok(refused(replies.at(-1) ?? ''), `${to}: ${replies.join(' | ')}`);
    await client.ask('RSET');
  }
});

test('a grant can allow them with untrusted_routing', async (t) => {
  const policy = OPEN.replace('{ id: inbound,', '{ id: inbound, untrusted_routing: true,');
  const { connect } = await relayFixture(t, { policy });
  assert.match(await submit(await connect(), { to: [`user%${OTHER}@${OURS}`] }), /^250 /);
});
