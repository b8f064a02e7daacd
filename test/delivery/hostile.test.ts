import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Act, Script, Step } from '../kit/next-hop.ts';
import { closeAfter, deliveryToHop } from './delivery-to-hop.ts';
import { fates, lastText, message, shortTimeouts } from './test-delivery.ts';

const cases: readonly { readonly name: string; readonly at: Step; readonly act: Act; readonly fate: string; readonly says: RegExp }[] = [
  { name: 'is busy in its greeting', at: 'connect', act: '421 4.3.2 busy', fate: 'deferred 451 4.5.0', says: /421 4\.3\.2 busy/ },
  { name: 'turns everybody away', at: 'connect', act: '554 5.7.1 go away', fate: 'deferred 451 4.5.0', says: /554/ },
  { name: 'closes before it greets', at: 'connect', act: { act: 'drop' }, fate: 'deferred 451 4.4.2', says: /closed/ },
  { name: 'never greets', at: 'connect', act: { act: 'hang' }, fate: 'deferred 451 4.4.2', says: /reeting/ },
  {
    name: 'greets without end',
    at: 'connect',
    act: { act: 'raw', bytes: `220-${'x'.repeat(1_000_000)}` },
    fate: 'deferred 451 4.5.0',
    says: /size/,
  },
  { name: 'talks nonsense at EHLO', at: 'ehlo', act: 'hello yourself', fate: 'relayed 250 2.0.0', says: /taken/ },
  { name: 'drops at MAIL', at: 'mail', act: { act: 'drop' }, fate: 'deferred 451 4.4.2', says: /at MAIL/ },
  { name: 'closes its half at RCPT', at: 'rcpt', act: { act: 'half-close' }, fate: 'deferred 451 4.4.2', says: /at RCPT/ },
  { name: 'says nothing to RCPT', at: 'rcpt', act: { act: 'hang' }, fate: 'deferred 451 4.4.2', says: /no reply within 1 s at RCPT/ },
  { name: 'answers RCPT with a megabyte', at: 'rcpt', act: `250 ${'x'.repeat(1_000_000)}`, fate: 'deferred 451 4.5.0', says: /size/ },
  {
    name: 'answers RCPT with a megabyte of lines',
    at: 'rcpt',
    act: `${'250-x\r\n'.repeat(150_000)}250 x`,
    fate: 'deferred 451 4.5.0',
    says: /size/,
  },
  { name: 'answers RCPT with nonsense', at: 'rcpt', act: 'yes', fate: 'deferred 451 4.5.0', says: /unexpected reply/ },
  { name: 'says 503', at: 'rcpt', act: '503 5.5.1 out of order', fate: 'deferred 451 4.5.0', says: /503 out of order/ },
  { name: 'takes DATA with 250', at: 'data', act: '250 2.0.0 ok', fate: 'deferred 451 4.5.0', says: /unexpected reply: 250/ },
  { name: 'drops after the final dot', at: 'dot', act: { act: 'drop' }, fate: 'deferred 451 4.4.2', says: /may have arrived/ },
  { name: 'is silent after the final dot', at: 'dot', act: { act: 'hang' }, fate: 'deferred 451 4.4.2', says: /may have arrived/ },
  { name: 'says 421 after the final dot', at: 'dot', act: '421 4.3.2 shutting down', fate: 'deferred 421 4.3.2', says: /shutting down/ },
];

/** Only a hop that hangs is given up after a second: any other answers, however slow the machine. */
const isHanging = (act: Act): boolean => typeof act === 'object' && act.act === 'hang';

for (const { name, at, act, fate, says } of cases)
  test(`a next hop that ${name}`, { timeout: 600_000 }, async () => {
    const offers = at === 'ehlo' ? [] : undefined;
    const { tested } = await deliveryToHop(
      { script: (step) => (step === at ? act : undefined), ...(offers ? { offers } : {}) },
      {},
      isHanging(act) ? { timeouts: shortTimeouts } : {},
    );
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(1);
    assert.deepEqual(fates(tested), { 'b@example.net': fate });
    assert.match(lastText(tested), says);
  });

test('recipients refused before the connection broke stay refused', async () => {
  const { tested } = await deliveryToHop({
    script: (step, text) => {
      if (step === 'dot') return { act: 'drop' };
      return step === 'rcpt' && text.includes('bad') ? '550 5.1.1 no' : undefined;
    },
  });
  const { record, content } = message({ recipients: [{ address: 'good@example.net' }, { address: 'bad@example.net' }] });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(2);
  assert.deepEqual(fates(tested), { 'good@example.net': 'deferred 451 4.4.2', 'bad@example.net': 'failed 550 5.1.1' });
});

test('a refused connection defers the message', async () => {
  const { hop, tested } = await deliveryToHop();
  await hop.close();
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.deepEqual(fates(tested), { 'b@example.net': 'deferred 451 4.4.1' });
});

test('a dead destination is tried once, and later mail for it is deferred with the same reason', async () => {
  const { hop, tested } = await deliveryToHop({ script: (step) => (step === 'connect' ? '421 4.3.2 busy' : undefined) });
  for (const times of [1, 2, 3]) {
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(times);
  }
  assert.equal(hop.sessions.length, 1);
  assert.match(lastText(tested), /busy/);
});

test('a back-off never skips a scheduled retry', async () => {
  const script: Script = (step, _, { number }) => (step === 'connect' && number < 3 ? '421 4.3.2 busy' : undefined);
  const { hop, tested } = await deliveryToHop({ script }, {}, { retry: [50, 100, 200] });
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  const clock = setInterval(() => tested.queue.tick(), 5);
  closeAfter(async () => clearInterval(clock));
  await tested.outcomes(4);
  assert.deepEqual([fates(tested), hop.sessions.length], [{ 'b@example.net': 'delivered 250 2.0.0' }, 4]);
});

test('a requested retry is made even during a back-off', async () => {
  const { hop, tested } = await deliveryToHop({
    script: (step, _, { number }) => (step === 'connect' && number === 0 ? '421 4.3.2 busy' : undefined),
  });
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  const entry = tested.queue.entries.get(record.id);
  assert.ok(entry);
  entry.record = { ...entry.record, recipients: entry.record.recipients.map((one) => ({ ...one, nextAttempt: Date.now() })) };
  tested.queue.tick();
  await tested.outcomes(2);
  assert.deepEqual([fates(tested), hop.sessions.length], [{ 'b@example.net': 'delivered 250 2.0.0' }, 2]);
});

test('an outcome that could not be recorded is recorded later, and the message is delivered once', async () => {
  const { hop, tested } = await deliveryToHop();
  tested.queue.faults.push(Object.assign(new Error('disk full'), { code: 'ENOSPC' }));
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.equal(hop.received.length, 1);
  assert.equal(tested.events.filter(({ event }) => event === 'trouble').length, 1);
});
