import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import type { RelayStatus } from '../../src/site/control/protocol.ts';
import { requestStatus } from '../../src/site/control/requests.ts';
import { settled } from '../kit/settled.ts';
import { relayctl, type TempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { fieldsOf } from './arrivals.ts';
import { introduced, MESSAGE, stuffed, submit } from './mail.ts';
import { OPEN, type Serving, serving, siteFixture } from './site-fixture.ts';

const RELOADS = 40;

/** Leaves its mark at every hook of a transaction; the header shows all of them. */
const marking = (mark: string): string => `${OPEN}rules:
  - { id: at-mail, on: mail, then: { set: { mail: ${mark} } } }
  - { id: at-rcpt, on: rcpt, then: { set: { rcpt: ${mark} } } }
  - { id: at-data, on: data, then: { set: { data: ${mark} } } }
  - id: at-data-post
    on: data_post
    then: { add_header: { name: X-Marks, value: "\${result.mail}\${result.rcpt}\${result.data}${mark}" } }
`;

const replacePolicy = async ({ root }: TempSite, text: string): Promise<void> => {
  await writeFile(join(root, 'next.yaml'), text);
  settled(join(root, 'next.yaml'));
  await rename(join(root, 'next.yaml'), join(root, 'rules/10-policy.yaml'));
};

const statusOf = async ({ config }: TempSite): Promise<RelayStatus> => {
  const answer = await requestStatus(config);
  if (answer.kind === 'not running') return assert.fail(answer.reason);
  return answer.result;
};

/** Sends SIGHUP and waits until another policy decides. */
const hangUp = async (site: TempSite, served: Serving): Promise<void> => {
  const { policy } = await statusOf(site);
  served.process.kill('SIGHUP');
  for (const deadline = Date.now() + 120_000; (await statusOf(site)).policy === policy; await after(5))
    assert.ok(Date.now() < deadline, 'the policy was not taken');
};

/** Sends mail, some of it over ever new connections, until told to stop; gives the number of messages. */
const load = async (address: string, isOver: () => boolean): Promise<number> => {
  let client = await introduced(address);
  let sent = 0;
  for (; !isOver(); sent++) {
    assert.match(await submit(client), /^250 2\.0\.0 /);
    if (sent % 5 !== 4) continue;
    assert.match((await client.ask('QUIT')).text, /^221 /);
    client = await introduced(address);
  }
  client.destroy();
  return sent;
};

const running = async (context: TestContext, policy: string) => {
  const around = await siteFixture(context, { policy });
  return { ...around, served: await serving(around) };
};

test('forty SIGHUPs under load: no session fails, no transaction mixes two policies', async (context) => {
  const { site, hop, served } = await running(context, marking('A'));
  let over = false;
  const clients = Array.from({ length: 4 }, () => load(served.address, () => over));
  const straddler = await introduced(served.address);
  for (let reload = 0; reload < RELOADS; reload++) {
    const replies = await straddler.dialogue(`MAIL FROM:<straddler${reload}@example.org>`);
    await replacePolicy(site, marking(reload % 2 === 0 ? 'B' : 'A'));
    await hangUp(site, served);
    replies.push(...(await straddler.dialogue('RCPT TO:<bob@example.com>', 'DATA')));
    straddler.raw(stuffed(MESSAGE));
    replies.push((await straddler.reply()).text);
    assert.deepEqual(
      replies.map((reply) => reply.slice(0, 3)),
      ['250', '250', '354', '250'],
    );
  }
  over = true;
  straddler.destroy();
  const sent = (await Promise.all(clients)).reduce((sum, count) => sum + count, RELOADS);
  const arrived = await hop.arrived(sent);
  assert.equal(arrived.length, sent);
  for (const { mail, content } of arrived) {
    const straddled = /straddler(\d+)/.exec(mail)?.[1];
    const old = Number(straddled) % 2 === 0 ? /^AAAA$/ : /^BBBB$/;
    assert.match(fieldsOf(content, 'X-Marks').join(), straddled === undefined ? /^(AAAA|BBBB)$/ : old);
  }
  context.diagnostic(`${sent} messages over ${RELOADS} reloads`);
});

test('a rejected policy leaves the old one active; reload exits 1 and status gives the reason', async (context) => {
  const { site, served } = await running(context, marking('A'));
  const { policy } = await statusOf(site);
  await replacePolicy(site, `${marking('B')}  - { id: broken, on: nowhere, then: accept }\n`);
  const refused = await relayctl('reload', '-c', site.config);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /rules\/10-policy\.yaml:\d+:\d+: RLY\d+ /);
  const status = await relayctl('status', '-c', site.config);
  assert.match(status.out, /last reload .* rejected: .*RLY\d+/);
  assert.equal((await statusOf(site)).policy, policy);
  const client = await SmtpClient.connect(served.address);
  await client.reply();
  assert.match((await client.dialogue('EHLO a.example', 'MAIL FROM:<a@example.org>', 'RCPT TO:<bob@example.com>'))[2] ?? '', /^250 /);
  client.destroy();
  await replacePolicy(site, marking('B'));
  const taken = await relayctl('reload', '-c', site.config);
  assert.deepEqual([taken.code, taken.err], [0, '']);
  assert.notEqual((await statusOf(site)).policy, policy);
});

test('without a relay, reload and status exit 1', async (context) => {
  const { site } = await siteFixture(context);
  const answers = await Promise.all(['reload', 'status'].map((command) => relayctl(command, '-c', site.config)));
  assert.deepEqual(
    answers.map(({ code }) => code),
    [1, 1],
  );
});
