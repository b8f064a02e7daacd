import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NextHopOptions, nextHop, type Script } from '../kit/next-hop.ts';
import { closeAfter, deliveryToHop } from './delivery-to-hop.ts';
import { fates, lastText, message, shortTimeouts, testDelivery } from './test-delivery.ts';

/* Next hops as they have been met in the field: what others' issue trackers tell of. */

/** The script that answers these steps so. */
const says =
  (replies: Readonly<Record<string, string>>): Script =>
  (step) =>
    replies[step];

/** The same for the first session alone, or for all after it. */
const first =
  (script: Script): Script =>
  (step, text, session) =>
    session.number === 0 ? script(step, text, session) : undefined;

const DELIVERED = ['relayed 250 2.0.0'];
const SENT = ['delivered 250 2.0.0'];

/** One message a connection, whatever the next hop says to the second MAIL. */
const oneMessage = (reply: string): Script => {
  const taken = new Set<number>();
  return (step, _text, { number }) => {
    if (step === 'mail' && taken.has(number)) return reply;
    if (step === 'dot') taken.add(number);
    return undefined;
  };
};

interface Situation {
  readonly name: string;
  readonly hop: NextHopOptions;
  readonly fates: readonly string[];
  /** Messages that arrive, of two that are sent one after the other. */
  readonly arrive: number;
  readonly sessions?: number;
}

const BARE = { offers: ['PIPELINING'] };

const SITUATIONS: readonly Situation[] = [
  {
    name: 'a greeting of many lines',
    hop: { ...BARE, script: says({ connect: '220-a\r\n220-* spam is not wanted\r\n220 b' }) },
    fates: DELIVERED,
    arrive: 2,
  },
  { name: 'a greeting without text', hop: { ...BARE, script: says({ connect: '220' }) }, fates: DELIVERED, arrive: 2 },
  ...['500 what?', '502 5.5.1 no', '504 no', '550 no'].map((reply) => ({
    name: `EHLO answered ${reply}`,
    hop: { script: says({ ehlo: reply }) },
    fates: DELIVERED,
    arrive: 2,
  })),
  { name: 'EHLO answered 421', hop: { script: says({ ehlo: '421 4.3.2 later' }) }, fates: ['deferred 451 4.4.2'], arrive: 0 },
  { name: 'a greeting of 554', hop: { script: says({ connect: '554 5.3.2 not now' }) }, fates: ['deferred 451 4.5.0'], arrive: 0 },
  { name: 'a greeting of 556', hop: { script: says({ connect: '556 no mail' }) }, fates: ['deferred 451 4.5.0'], arrive: 0 },
  {
    name: 'EHLO keywords in lower case, with tabs and blanks',
    hop: { script: says({ ehlo: '250-x \r\n250-pipelining \r\n250-8bitmime\r\n250-size 1000000 \r\n250 auth=login' }) },
    fates: DELIVERED,
    arrive: 2,
  },
  { name: 'SIZE without a number', hop: { offers: ['SIZE'] }, fates: DELIVERED, arrive: 2 },
  { name: 'SIZE that is too small', hop: { offers: ['SIZE 10'] }, fates: ['failed 550 5.3.4'], arrive: 0 },
  { name: 'CHUNKING and BINARYMIME on offer', hop: { offers: ['CHUNKING', 'BINARYMIME', 'PIPELINING'] }, fates: DELIVERED, arrive: 2 },
  { name: 'RCPT answered 251', hop: { ...BARE, script: says({ rcpt: '251 2.1.5 will forward' }) }, fates: DELIVERED, arrive: 2 },
  { name: 'RCPT answered 252', hop: { ...BARE, script: says({ rcpt: '252 cannot verify' }) }, fates: DELIVERED, arrive: 2 },
  {
    name: 'replies of one number',
    hop: { ...BARE, script: says({ mail: '250', rcpt: '250', data: '354', dot: '250' }) },
    fates: DELIVERED,
    arrive: 2,
  },
  {
    name: 'replies with empty lines in them',
    hop: { ...BARE, script: says({ mail: '250-\r\n250 ', dot: '250-\r\n250-2.0.0 a\r\n250 ' }) },
    fates: DELIVERED,
    arrive: 2,
  },
  { name: '354 on many lines', hop: { ...BARE, script: says({ data: '354-go\r\n354 on' }) }, fates: DELIVERED, arrive: 2 },
  {
    name: 'a reply whose lines have different codes',
    hop: { offers: [], script: says({ rcpt: '250-fine\r\n550 5.1.1 no' }) },
    fates: ['failed 550 5.1.1'],
    arrive: 0,
  },
  { name: 'DATA answered 451', hop: { ...BARE, script: says({ data: '451 4.3.0 later' }) }, fates: ['deferred 451 4.3.0'], arrive: 0 },
  { name: 'DATA answered 554', hop: { ...BARE, script: says({ data: '554 5.7.1 no' }) }, fates: ['failed 554 5.7.1'], arrive: 0 },
  {
    name: 'RSET refused after a refusal',
    hop: { ...BARE, script: first(says({ rcpt: '450 4.2.1 later', rset: '503 5.5.0 not available' })) },
    fates: ['deferred 450 4.2.1', ...DELIVERED],
    arrive: 1,
    sessions: 2,
  },
  {
    name: 'the connection closed with the 250',
    hop: { ...BARE, script: (step) => (step === 'dot' ? { act: 'raw', bytes: '250 2.0.0 taken\r\n' } : undefined) },
    fates: DELIVERED,
    arrive: 2,
  },
  {
    name: '421 right behind the 250',
    hop: { ...BARE, script: first(says({ dot: '250 2.0.0 taken\r\n421 4.4.2 bye' })) },
    fates: DELIVERED,
    arrive: 2,
    sessions: 2,
  },
  {
    name: 'a second 250 behind the first',
    hop: { ...BARE, script: first(says({ dot: '250 2.0.0 taken\r\n250 2.0.0 taken' })) },
    fates: DELIVERED,
    arrive: 2,
    sessions: 2,
  },
  ...['421 4.7.0 too many messages', '450 4.7.1 too many messages in this session', '503 5.5.1 one message a connection'].map((reply) => ({
    name: `one message a connection, the second answered ${reply}`,
    hop: { ...BARE, script: oneMessage(reply) },
    fates: DELIVERED,
    arrive: 2,
    sessions: 2,
  })),
  {
    name: 'MAIL refused, pipelined',
    hop: { ...BARE, script: says({ mail: '550 5.7.1 blocked' }) },
    fates: ['failed 550 5.7.1'],
    arrive: 0,
  },
  {
    name: 'a reply in lines that end in LF alone',
    hop: { ...BARE, script: (step) => (step === 'mail' ? '250-a\n250 b' : undefined) },
    fates: DELIVERED,
    arrive: 2,
  },
  {
    name: 'the end of the message refused',
    hop: { ...BARE, script: says({ dot: '552 5.2.2 full' }) },
    fates: ['failed 552 5.2.2'],
    arrive: 2,
  },
  {
    name: 'LMTP with replies of many lines',
    hop: { lmtp: true, script: says({ dot: '250-2.0.0 a\r\n250 2.0.0 b' }) },
    fates: SENT,
    arrive: 2,
  },
];

for (const { name, hop: options, fates: expected, arrive, sessions } of SITUATIONS)
  test(`a next hop from the field: ${name}`, async () => {
    const { hop, tested } = await deliveryToHop(options, {}, { retry: [60_000], timeouts: shortTimeouts });
    const outcomes: string[] = [];
    for (const number of [1, 2]) {
      const { record, content } = message();
      await tested.queue.enqueue(record, content);
      await tested.outcomes(number);
      outcomes.push(...Object.values(fates(tested)));
    }
    assert.deepEqual([...new Set(outcomes)], expected);
    assert.equal(hop.received.length, arrive);
    if (sessions !== undefined) assert.equal(hop.sessions.length, sessions);
  });

test('a stalled STARTTLS counts as failed: opportunistic continues without TLS', async () => {
  for (const stalled of ['command', 'handshake']) {
    const script: Script = (step, _text, { number }) => {
      if (step === 'ehlo') return number === 0 ? '250-x\r\n250 STARTTLS' : undefined;
      return step === 'starttls' && stalled === 'command' ? { act: 'hang' } : undefined;
    };
    const { hop, tested } = await deliveryToHop({ ...BARE, script }, {}, { timeouts: shortTimeouts });
    closeAfter(tested.stop);
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(1);
    assert.deepEqual(Object.values(fates(tested)), DELIVERED, `${stalled}: ${lastText(tested)}`);
    assert.equal(hop.sessions.length, 2);
  }
});

test('a host that greets with 521 takes no mail, now or later (RFC 7504)', async () => {
  for (const [greeting, fate] of [
    ['521 no mail', 'failed 521 5.0.0'],
    ['521 5.3.2 no mail here', 'failed 521 5.3.2'],
    ['521-no\r\n521 mail', 'failed 521 5.0.0'],
  ] as const) {
    const { hop, tested } = await deliveryToHop({ script: says({ connect: greeting }) });
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(1);
    assert.deepEqual(Object.values(fates(tested))[0], fate);
    assert.equal(hop.received.length, 0);
  }
});

test('an MX that greets with 521 is passed over for the next; all of them have to say so', async () => {
  for (const [second, fate] of [
    ['220 fine', SENT[0]],
    ['421 4.3.2 later', 'deferred 451 4.5.0'],
    ['521 no mail', 'failed 521 5.0.0'],
  ] as const) {
    const hop = await nextHop({
      script: (step, _text, { number }) => (step === 'connect' ? (number === 0 ? '521 no mail' : second) : undefined),
    });
    closeAfter(hop.close);
    const exchangers = ['one.test', 'two.test'].map((exchange, index) => ({ preference: index, exchange }));
    const dns = { mx: async () => exchangers, addresses: async () => ['127.0.0.1'] };
    const tested = testDelivery('mx', { dns, set: { mxPort: hop.port } });
    closeAfter(tested.stop);
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(1);
    assert.equal(Object.values(fates(tested))[0], fate);
  }
});
