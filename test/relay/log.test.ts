import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { command } from '../kit/cli.ts';
import { PROJECT } from '../kit/project.ts';
import { relayctl, runRelay, type TempSite } from '../kit/site.ts';
import { found } from '../kit/until.ts';
import { introduced, MESSAGE, queueIdOf, submit } from './mail.ts';
import { OPEN, relayFixture, serving, siteFixture } from './site-fixture.ts';

type Line = Readonly<Record<string, unknown>>;

const run = promisify(execFile);

const FILE = 'var/log/decisions.jsonl';
const config = `log: { level: info, decisions: ${FILE} }\ndelivery: { retry: [1h] }`;
const WITH_ID = `Message-ID: <one@example.org>\r\n${MESSAGE}`;

const textOf = (site: TempSite): Promise<string> => readFile(join(site.root, FILE), 'utf8').catch(() => '');

const linesOf = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line): readonly Line[] => (line === '' ? [] : [JSON.parse(line)]));

/** The decision log, once it has as many lines of this event. */
const logged = (site: TempSite, event: string, count = 1): Promise<readonly Line[]> =>
  found(async () => {
    const lines = linesOf(await textOf(site));
    return lines.filter((line) => line.event === event).length >= count ? lines : null;
  }, `${count} × ${event} in the decision log`);

/** What `grep` finds, as an operator would call it. */
const grep = async (site: TempSite, ...words: readonly string[]): Promise<readonly Line[]> =>
  linesOf((await run('grep', [...words, join(site.root, FILE)])).stdout);

const eventsOf = (lines: readonly Line[]): readonly string[] => lines.map(({ event, hook }) => `${event}${hook ? ` ${hook}` : ''}`);

test('grep alone traces mail from X to Y, from the connection to its outcome', async (t) => {
  const hop = { script: (step: string, text: string) => (step === 'rcpt' && text.includes('later@') ? '450 4.2.0 not now' : undefined) };
  const { site, connect } = await relayFixture(t, { policy: OPEN, config, hop });
  const client = await connect('mail.example.org');
  const to = ['bob@example.com', 'later@example.com', 'stranger@example.net'];
  const id = queueIdOf(await submit(client, { from: 'x@example.org', to, message: WITH_ID }));
  await logged(site, 'deferred');

  const refused = await grep(site, '"recipient":"stranger@example.net"');
  assert.deepEqual(
    refused.map(({ event, sender, client: ip, helo, verdict, by, code, text, tls, listener }) => [
      event,
      sender,
      ip,
      helo,
      verdict,
      by,
      code,
      text,
      tls,
      listener,
    ]),
    [['decision', 'x@example.org', '127.0.0.1', 'mail.example.org', 'reject', 'grants', 550, 'Relay access denied', 'none', 'mx']],
  );

  const fate = await grep(site, id);
  assert.deepEqual([...eventsOf(fate)].sort(), ['deferred', 'delivered', 'queued']);
  for (const line of fate) {
    const { sender, messageId, client: ip, helo, queueId } = line;
    assert.deepEqual([sender, messageId, ip, helo, queueId], ['x@example.org', '<one@example.org>', '127.0.0.1', 'mail.example.org', id]);
  }
  const deferred = fate.find(({ event }) => event === 'deferred');
  assert.deepEqual([deferred?.recipient, deferred?.code, deferred?.text, deferred?.attempt], ['later@example.com', 450, 'not now', 1]);
  assert.match(String(deferred?.nextHop), /^\[127\.0\.0\.1\]:\d+$/);
  assert.match(String(deferred?.nextAttempt), /^20\d\d-/);

  const transaction = String(fate[0]?.transaction);
  assert.deepEqual([...eventsOf(await grep(site, transaction))].sort(), [
    ...['decision rcpt', 'decision rcpt', 'decision rcpt'],
    ...['deferred', 'delivered', 'queued'],
  ]);
  assert.equal((await grep(site, '<one@example.org>')).length, 3);
  assert.equal((await grep(site, 'x@example.org')).filter(({ recipient }) => recipient === 'later@example.com').length, 2);
});

test('a message that bounces can be followed to the notice and on', async (t) => {
  const hop = {
    script: (step: string, text: string) => (step === 'rcpt' && text.includes('gone@') ? '550 5.1.1 no such user' : undefined),
  };
  const { site, connect } = await relayFixture(t, { policy: OPEN, config, hop });
  const id = queueIdOf(await submit(await connect(), { from: 'x@example.com', to: ['gone@example.com'], message: WITH_ID }));
  await logged(site, 'delivered');
  const [notice] = (await grep(site, id)).filter(({ event }) => event === 'notice queued');
  assert.deepEqual([notice?.recipient, notice?.sender, notice?.about], ['x@example.com', '', id]);
  const after = await grep(site, `"queueId":"${String(notice?.queueId)}"`);
  assert.deepEqual(eventsOf(after), ['notice queued', 'delivered']);
  assert.match(String(after[1]?.messageId), /^<.+@relay\.example\.com>$/);
});

const actsOf = (lines: readonly Line[]): readonly Line[] => lines.filter(({ event }) => event === 'queue operation');

const held = async (t: TestContext) => {
  const hop = { script: (step: string) => (step === 'rcpt' ? '450 4.2.0 not now' : undefined) };
  const around = await siteFixture(t, { policy: OPEN, config, hop });
  const served = await serving(around);
  const client = await introduced(served.address);
  const id = queueIdOf(await submit(client, { from: 'x@example.org', to: ['bob@example.com'], message: WITH_ID }));
  client.destroy();
  await logged(around.site, 'deferred');
  return { ...around, served, id };
};

test('queue commands on a running relay are logged with their user', async (t) => {
  const { site, id } = await held(t);
  for (const operation of ['hold', 'release', 'retry', 'quarantine', 'delete', 'delete'])
    await found(async () => {
      const { code, err } = await command('queue', operation, id, '-c', site.config);
      return err.includes('being delivered') ? null : String(code);
    }, operation);
  const acts = actsOf(await logged(site, 'queue operation', 5)).filter(({ result }) => result !== 'busy');
  assert.deepEqual(
    acts.map(({ operation, result }) => `${operation} ${result}`),
    ['hold done', 'release done', 'retry done', 'quarantine done', 'delete done'],
  );
  for (const { queueId, uid, claimedUid, sender, recipients, messageId } of acts)
    assert.deepEqual(
      [queueId, uid, claimedUid, sender, recipients, messageId],
      [id, process.getuid?.(), process.getuid?.(), 'x@example.org', ['bob@example.com'], '<one@example.org>'],
    );
});

test('queue commands on a stopped relay appear once in each log', async (t) => {
  const around = await held(t);
  const { site, served, id } = around;
  await served.stop();
  assert.equal((await relayctl('queue', 'delete', id, '-c', site.config)).code, 0);
  const [act, ...more] = actsOf(linesOf(await textOf(site)));
  assert.deepEqual([act?.operation, act?.result, act?.queueId, act?.sender, more.length], ['delete', 'done', id, 'x@example.org', 0]);
  assert.equal(((await stat(join(site.root, FILE))).mode & 0o777).toString(8), '600');
  await appendFile(join(site.root, 'var/queue/acts.jsonl'), '{"torn');
  const { relay, log } = await runRelay(site);
  around.closing.add(() => relay.stop());
  assert.deepEqual(
    log.lines.filter(({ msg }) => msg === 'queue operation').map(({ operation, queueId, at }) => [operation, queueId, at]),
    [['delete', id, act?.time]],
  );
  assert.equal(actsOf(linesOf(await textOf(site))).length, 1);
});

test('a reload and a stop are logged with who requested them', async (t) => {
  const around = await siteFixture(t, { policy: OPEN, config });
  const served = await serving(around);
  const { site } = around;
  assert.equal((await relayctl('reload', '-c', site.config)).code, 0);
  served.process.kill('SIGHUP');
  const lines = await logged(site, 'reload requested', 2);
  const asked = lines.filter(({ event }) => event === 'reload requested');
  assert.deepEqual(
    asked.map(({ via, claimedUid }) => [via, claimedUid]),
    [
      ['control socket', process.getuid?.()],
      ['SIGHUP', undefined],
    ],
  );
  await logged(site, 'reload applied', 2);
  await served.stop();
  assert.deepEqual(
    linesOf(await textOf(site))
      .filter(({ event }) => event === 'stopping')
      .map(({ via }) => via),
    ['SIGTERM'],
  );
});

test('the commands on the operations page give the documented answers', async (t) => {
  const hop = { script: (step: string, text: string) => (step === 'rcpt' && text.includes('later@') ? '450 4.2.0 not now' : undefined) };
  const { site, connect } = await relayFixture(t, { policy: OPEN, config, hop });
  const client = await connect('mail.example.org');
  const id = queueIdOf(await submit(client, { from: 'ann@example.org', to: ['bob@example.com', 'eve@example.net'], message: WITH_ID }));
  await submit(client, { from: 'ann@example.org', to: ['later@example.com'] });
  await submit(client, { from: 'else@example.org', to: ['bob@example.com'] });
  await logged(site, 'delivered', 2);
  await logged(site, 'deferred');
  const page = await readFile(join(PROJECT, 'docs/operations.md'), 'utf8');
  const [, block = ''] = /^### Questions and answers\n[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const today = new Date().toISOString().slice(0, 13);
  const answers: string[] = [];
  for (const [, text = ''] of block.matchAll(/^([^#\n].*)$/gm)) {
    const words = text.replaceAll('2026-11-27T10', today).replaceAll('QUEUEID', id).replaceAll('203.0.113.9', '127.0.0.1');
    answers.push((await run('sh', ['-c', words], { cwd: site.root })).stdout);
  }
  assert.equal(answers.length, 6);
  const [mail = '', story = '', client3 = '', refused = '', waiting = '', counted = ''] = answers;
  assert.deepEqual([...eventsOf(linesOf(mail))].sort(), ['decision rcpt', 'delivered', 'queued']);
  assert.deepEqual([...eventsOf(linesOf(story))].sort(), ['delivered', 'queued']);
  assert.ok(linesOf(client3).length >= 8);
  assert.match(refused, /^20\d\d-\S+ 127\.0\.0\.1 ann@example\.org eve@example\.net 550 Relay access denied \(grants\)$/m);
  assert.match(waiting, /later@example\.com \[127\.0\.0\.1\]:\d+ 450 not now/);
  assert.match(counted, /^ *1 grants$/m);
});

test('a process terminated twice has written its decisions', async (t) => {
  const around = await siteFixture(t, { policy: OPEN, config });
  const served = await serving(around);
  const client = await introduced(served.address);
  await client.dialogue('MAIL FROM:<x@example.org>', 'RCPT TO:<bob@example.com>');
  const ended = served.stop();
  const again = (): true | null => {
    served.process.kill('SIGTERM');
    return served.process.exitCode === null ? null : true;
  };
  await found(again, 'the end');
  assert.equal(await ended, 0);
  assert.equal((await grep(around.site, '"recipient":"bob@example.com"')).length, 1);
});
