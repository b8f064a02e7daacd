import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received, Script } from '../kit/next-hop.ts';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { recipientsOf } from './arrivals.ts';

import { MESSAGE, stuffed } from './mail.ts';
import { relayFixture } from './site-fixture.ts';

const POLICY = `version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
  - { id: ours, when: { helo.name: app.example.com, client.ip: 127.0.0.0/8 } }
`;

const BODY = 'At noon?';

const script: Script = (step, text) => (step === 'rcpt' && text.includes('gone@') ? '550 5.1.1 No such user' : undefined);

const asking = async (client: SmtpClient, sender: string, to: string): Promise<void> => {
  await client.dialogue(`MAIL FROM:<${sender}> RET=FULL`, `RCPT TO:${to}`, 'DATA');
  client.raw(stuffed(MESSAGE));
  assert.match((await client.reply()).text, /^250 /);
};

const sentTo = (received: readonly Received[], address: string): readonly Received[] =>
  received.filter((message) => recipientsOf(message).includes(address));

const WISHES = ['<bob@example.com> NOTIFY=SUCCESS', '<bob@example.com> NOTIFY=SUCCESS,DELAY', '<gone@example.com> NOTIFY=SUCCESS,FAILURE'];

for (const offers of [[], ['DSN']])
  test(`word of success and whole messages go to nobody whom no grant lets in, over a next hop ${offers.length > 0 ? 'with' : 'without'} DSN`, async (context) => {
    const fixture = await relayFixture(context, { policy: POLICY, hop: { script, offers } });
    const stranger = await fixture.connect('stranger.example.org');
    const app = await fixture.connect('app.example.com');
    for (const wish of WISHES) await asking(stranger, 'victim@example.net', wish);
    for (const wish of WISHES) await asking(app, 'app@example.net', wish);
    // Bob's four, a failure for each sender; without DSN at the next hop two reports of success besides.
    const expected = offers.length > 0 ? 6 : 8;
    const received = await fixture.hop.arrived(expected);
    const [failure, ...others] = sentTo(received, 'victim@example.net');
    assert.deepEqual(others, []);
    assert.ok(failure?.content.includes('Action: failed') && !failure.content.includes(BODY));
    const told = sentTo(received, 'app@example.net');
    assert.equal(told.length, expected - 5);
    assert.ok(told.some(({ content }) => content.includes('Action: failed') && content.includes(BODY)));
    const passedOn = sentTo(received, 'bob@example.com').map(({ mail, rcpt }) => `${mail} ${rcpt.join()}`);
    assert.equal(passedOn.filter((commands) => /victim.*(?:SUCCESS|FULL)/.test(commands)).length, 0);
    assert.equal(passedOn.filter((commands) => /app.*SUCCESS/.test(commands)).length, offers.length > 0 ? 2 : 0);
  });
