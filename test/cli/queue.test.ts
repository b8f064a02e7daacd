import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { type NextHop, nextHop } from '../kit/next-hop.ts';
import { type RunningRelay, runRelay, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from '../site/policies.ts';

/*
 * relayctl queue on a relay that runs and on one that does not. The next hop wants nothing until `friendly`.
 */

let friendly = false;
let hop: NextHop;
let site: TempSite;
let running: RunningRelay;
let id: string;

const send = async (): Promise<string> => {
  const client = await SmtpClient.connect(running.address);
  await client.reply();
  const replies = await client.dialogue(
    'EHLO client.example.net',
    'MAIL FROM:<eve@example.net>',
    'RCPT TO:<ann@example.com>',
    'DATA',
    'Subject: \u001b[31mred\r\n\r\nHello!\r\n.',
  );
  client.destroy();
  return /queued as (\S+)/.exec(replies.at(-1) ?? '')?.[1] ?? assert.fail(replies.at(-1));
};

const queue = (...words: readonly string[]) => command('queue', ...words, '-c', site.config);
const listed = async () => JSON.parse((await queue('list', '--json')).out);

before(async () => {
  hop = await nextHop({ script: (step) => (step === 'mail' && !friendly ? '451 4.3.0 Not now' : undefined) });
  site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(hop.port) });
  running = await runRelay(site);
  id = await send();
  await until(async () => (await listed())[0]?.recipients[0]?.attempts === 1, 'the first attempt');
});
after(async () => {
  await running.relay.stop();
  await hop.close();
  await site.remove();
});

test('list and show report the state of a message, without terminal escape sequences', async () => {
  const { out } = await queue('list');
  assert.match(out, new RegExp(`^${id}  .*  queued  .*  eve@example\\.net -> ann@example\\.com\n$`));
  const shown = await queue('show', id);
  assert.match(shown.out, /ann@example\.com: open, 1 attempts, next attempt /);
  assert.match(shown.out, /451 4\.3\.0 Not now/);
  assert.match(shown.out, /^Subject: \uFFFD\[31mred$/m);
  assert.equal(JSON.parse((await queue('show', id, '--json')).out).running, true);
});

test('hold, release and quarantine change the state, on the running relay', async () => {
  const state = async (): Promise<string> => (await listed())[0].state;
  assert.deepEqual(await queue('hold', id), { code: 0, out: `${id}: done\n`, err: '' });
  assert.equal(await state(), 'held');
  assert.equal((await queue('quarantine', id)).code, 0);
  assert.equal(JSON.parse((await queue('quarantine', '--json')).out)[0].id, id);
  assert.equal((await queue('release', id)).code, 0);
  assert.equal((await queue('hold', id)).code, 0);
});

test('the same commands work on a stopped relay, and a retry uses up no attempt', async () => {
  await running.relay.stop();
  assert.equal((await listed())[0].state, 'held');
  assert.equal((await queue('release', id)).code, 0);
  const before = (await listed())[0].recipients[0].attempts;
  assert.equal((await queue('retry', id)).code, 0);
  assert.equal((await listed())[0].recipients[0].attempts, before);
  friendly = true;
  running = await runRelay(site);
  await until(() => hop.received.length > 0, 'its delivery');
});

test('delete removes a message for good, and reports a missing one', async () => {
  friendly = false;
  const doomed = await send();
  await queue('hold', doomed);
  await until(async () => (await queue('delete', doomed)).code === 0, 'the end of the first attempt');
  const { code, err } = await queue('delete', doomed);
  assert.equal(code, 1);
  assert.equal(err, `${doomed}: no such message\n`);
});
