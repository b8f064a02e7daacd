import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, test } from 'node:test';
import { MAIN } from '../kit/main.ts';
import { nextHop } from '../kit/next-hop.ts';
import { CONFIG, relayctl, serveProcess, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { relayPolicy } from './policies.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const make = async (policy: string): Promise<TempSite> => {
  const site = await tempSite({ 'rules/10-relay.yaml': policy });
  sites.push(site);
  return site;
};

const addressOf = (addresses: ReadonlyMap<string, string>): string => addresses.get('mx') ?? assert.fail('no listener mx');

test('forty SIGHUPs while mail flows: no session fails, and the last policy is in force', async () => {
  const hop = await nextHop();
  const site = await make(relayPolicy(hop.port));
  const served = await serveProcess(site);
  const address = addressOf(served.addresses);
  const sessions = Array.from({ length: 10 }, async (_, number) => {
    const client = await SmtpClient.connect(address);
    await client.reply();
    const replies = await client.dialogue('EHLO client.example.net', ...Array.from({ length: 4 }, () => MAIL).flat());
    client.destroy();
    return replies.filter((reply) => !/^[23]/.test(reply)).map((reply) => `${number}: ${reply}`);
  });
  for (let hangup = 0; hangup < 40; hangup++) {
    await site.write({ 'rules/20-more.yaml': `version: 1\ndescription: Number ${hangup}.\n` });
    served.process.kill('SIGHUP');
  }
  assert.deepEqual((await Promise.all(sessions)).flat(), []);
  const { out, code } = await relayctl('reload', '-c', site.config);
  assert.equal(code, 0);
  const status = JSON.parse((await relayctl('status', '-c', site.config, '--json')).out);
  assert.equal(`policy ${status.policy}\n`, out);
  assert.equal(await served.stop(), 0);
  await hop.close();
});

const MAIL = ['MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>', 'DATA', 'From: eve@example.net\r\n\r\nHello!\r\n.'];

test('a policy that is refused is exit code 1, and nothing listens', async () => {
  const site = await make('version: 1\nrulez: []\n');
  const { code, out, err } = await relayctl('serve', '-c', site.config);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, /RLY1101/);
});

const FAILING = `tests:
  - { name: anybody may relay, given: { sender.address: a@example.net, recipient.address: c@example.org }, expect: { verdict: accept } }
`;

for (const workers of [1, 2])
  test(`a site whose tests fail is exit code 1, and nothing listens; workers: ${workers}`, async () => {
    const site = await make(relayPolicy(25, FAILING));
    await site.write({ 'config/relay.yaml': `${CONFIG}workers: ${workers}\n` });
    const { code, out, err } = await relayctl('serve', '-c', site.config);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /anybody may relay.*rules\/10-relay\.yaml:\d+:\d+/);
    assert.match(err, /expected verdict accept, got reject/);
    assert.match(err, /not starting: policy tests fail/);
  });

test('a second SIGTERM stops the relay at once', async () => {
  const site = await make(relayPolicy(25));
  const served = await serveProcess(site);
  const client = await SmtpClient.connect(addressOf(served.addresses));
  await client.reply();
  await client.dialogue('EHLO client.example.net', 'MAIL FROM:<eve@example.net>');
  const exited = once(served.process, 'exit');
  served.process.kill('SIGTERM');
  await client.ask('NOOP').catch(() => null);
  served.process.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  client.destroy();
});

test('a second relay on the same queue does not start', async () => {
  const site = await make(relayPolicy(25));
  const served = await serveProcess(site);
  const second = await relayctl('serve', '-c', site.config);
  assert.equal(second.code, 1);
  assert.match(second.err, /another relay runs on the queue/);
  assert.equal(await served.stop(), 0);
});

test('a user is added with a password from standard input', async () => {
  const site = await make(relayPolicy(25));
  await site.write({
    'config/relay.yaml': 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\nauth: { users: config/users }\n',
  });
  const child = spawn(process.execPath, [...MAIN, 'user', 'add', 'ann', '-c', site.config], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end('secret\n');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

const listening = (address: string, workers: number): string => CONFIG.replace('127.0.0.1:0', address).concat(`workers: ${workers}\n`);

for (const workers of [1, 2])
  test(`an address in use prints one line with the remedy and exits 1; workers: ${workers}`, async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const site = await make(relayPolicy(25));
    const refused = { [`127.0.0.1:${port}`]: /in use; stop the program/, '192.0.2.1:0': /no such address/ };
    for (const [address, advice] of Object.entries(refused)) {
      await site.write({ 'config/relay.yaml': listening(address, workers) });
      const { code, out, err } = await relayctl('serve', '-c', site.config);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, advice);
      assert.match(err, /^relayctl: cannot listen on \S+: [^\n]+\n$/);
    }
    holder.close();
  });
