import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../kit/cli.ts';
import type { TempSite } from '../kit/site.ts';
import { found } from '../kit/until.ts';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { introduced, MESSAGE, queueIdOf, submit } from './mail.ts';
import { OPEN, serving, siteFixture } from './site-fixture.ts';

const POLICY = `${OPEN}rules:
  - { id: suspicious, on: data_post, when: { header.subject: { contains: win } }, then: { quarantine: { reason: "subject \${header.subject}" } } }
`;
const SUSPICIOUS = MESSAGE.replace('lunch', 'you win\u0007');
const config = 'delivery: { retry: [1h] }';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly recipients: readonly { readonly address: string; readonly status: string; readonly attempts: number }[];
}

const isListed = (value: unknown): value is readonly Listed[] =>
  Array.isArray(value) && value.every((entry) => typeof entry?.id === 'string');

/** `relayctl queue …`, which has to be done. */
const queue = async (site: TempSite, ...words: readonly string[]): Promise<string> => {
  const { code, out, err } = await command('queue', ...words, '-c', site.config);
  assert.equal(code, 0, `${words.join(' ')}: ${err}`);
  return out;
};

const list = async (site: TempSite, which = 'list'): Promise<readonly Listed[]> => {
  const found: unknown = JSON.parse(await queue(site, which, '--json'));
  return isListed(found) ? found : assert.fail(JSON.stringify(found));
};

const stateOf = async (site: TempSite, id: string): Promise<string | undefined> =>
  (await list(site)).find((entry) => entry.id === id)?.state;

/** A relay with a next hop that is away until told otherwise, and two messages in its queue. */
const busy = async (context: Parameters<typeof siteFixture>[0]) => {
  const door = { open: false };
  const hop = { script: (step: string) => (step === 'rcpt' && !door.open ? '450 4.2.0 away' : undefined) };
  const around = await siteFixture(context, { policy: POLICY, config, hop });
  const served = await serving(around);
  const client = await introduced(served.address);
  const waiting = queueIdOf(await submit(client));
  const apart = queueIdOf(await submit(client, { message: SUSPICIOUS }));
  client.destroy();
  const tried = (times: number): Promise<true> => {
    const attempts = async () => (await list(around.site)).find(({ id }) => id === waiting)?.recipients[0]?.attempts;
    return found(async () => ((await attempts()) === times ? true : null), `attempt ${times}`);
  };
  await tried(1);
  return { ...around, served, door, waiting, apart, tried };
};

test('a running relay: list, show, hold, release, retry, quarantine, delete', async (context) => {
  const { site, hop, door, waiting, apart, tried } = await busy(context);
  assert.deepEqual(
    (await list(site)).map(({ id, state }) => [id, state]),
    [
      [waiting, 'queued'],
      [apart, 'quarantined'],
    ],
  );
  const [quarantined] = await list(site, 'quarantine');
  assert.equal(quarantined?.id, apart);
  assert.match(quarantined?.reason ?? '', /^subject you win ?$/);
  const shown = await queue(site, 'show', waiting);
  assert.match(shown, /bob@example\.com: open, 1 attempts, next attempt [\s\S]*450 4\.2\.0 away[\s\S]*Subject: lunch/);
  assert.doesNotMatch(await queue(site, 'show', apart), /[^\P{Cc}\n\t]/u);

  await queue(site, 'hold', waiting);
  assert.equal(await stateOf(site, waiting), 'held');
  await queue(site, 'release', waiting);
  await tried(2);
  assert.equal(await stateOf(site, waiting), 'queued');
  door.open = true;
  await queue(site, 'retry', '--all');
  const [delivered] = await hop.arrived(1);
  assert.deepEqual(delivered && recipientsOf(delivered), ['bob@example.com']);

  await queue(site, 'release', apart);
  const [, released] = await hop.arrived(2);
  assert.deepEqual(released && fieldsOf(released.content, 'Subject'), ['you win\u0007']);
  await found(async () => ((await list(site)).length === 0 ? true : null), 'an empty queue');
  for (const words of [['show', apart], ['delete', apart], ['retry', 'nobody'], ['retry']])
    assert.equal((await command('queue', ...words, '-c', site.config)).code, 1, words.join(' '));
});

test('a stopped relay: the same commands, and changes persist after a restart', async (context) => {
  const stopped = await busy(context);
  const { site, hop, served, door, waiting, apart } = stopped;
  assert.equal(await served.stop(), 0);
  assert.deepEqual(
    (await list(site)).map(({ state }) => state),
    ['queued', 'quarantined'],
  );
  await queue(site, 'retry', waiting);
  const [before] = await list(site);
  assert.equal(before?.recipients[0]?.attempts, 1);
  await queue(site, 'delete', apart);
  assert.deepEqual(
    (await list(site)).map(({ id }) => id),
    [waiting],
  );
  door.open = true;
  await serving(stopped);
  const [delivered] = await hop.arrived(1);
  assert.ok(delivered?.content.toString().endsWith(MESSAGE));
  await found(async () => ((await list(site)).length === 0 ? true : null), 'an empty queue');
  assert.equal(hop.received.length, 1);
});
