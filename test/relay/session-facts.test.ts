import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { selfSigned } from '../kit/certificate.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { MESSAGE, submit } from './mail.ts';
import { relayFixture } from './site-fixture.ts';

/* Facts of a real session, read back from the reply of a rule. */

const policy = (on: string, fact: string): string => `version: 1
grants: [{ id: all, when: { client.ip: 127.0.0.1 } }]
rules: [{ id: tell, on: ${on}, then: { reject: "550 5.7.1 it is \${${fact}}" } }]
`;

suite('facts of a session', () => {
  const cases = [
    { fact: 'server.ip', mail: {}, is: '127.0.0.1' },
    { fact: 'message.smtputf8', mail: {}, is: 'false' },
    { fact: 'message.smtputf8', mail: { parameters: ' SMTPUTF8' }, is: 'true' },
    { fact: 'message.received_count', mail: {}, is: '0' },
    { fact: 'message.received_count', mail: { message: `Received: by a.example\r\nreceived: by b.example\r\n${MESSAGE}` }, is: '2' },
  ];
  for (const { fact, mail, is } of cases)
    test(`${fact} ${is}`, async (context) => {
      const fixture = await relayFixture(context, { policy: policy('data_post', fact) });
      assert.equal(await submit(await fixture.connect(), mail), `550 5.7.1 it is ${is}`);
    });

  test('tls.cipher is the negotiated cipher', async (context) => {
    const { cert, key } = selfSigned('relay.example.com');
    const fixture = await relayFixture(context, {
      config: 'tls: { cert: cert.pem, key: key.pem }',
      files: { 'cert.pem': cert, 'key.pem': key },
      policy: policy('mail', 'tls.cipher'),
    });
    const client = await SmtpClient.connect(fixture.address);
    context.after(() => client.destroy());
    await client.reply();
    await client.dialogue('EHLO client.example.org', 'STARTTLS');
    await client.startTls();
    await client.ask('EHLO client.example.org');
    assert.match((await client.ask('MAIL FROM:<ann@example.org>')).text, /^550 5\.7\.1 it is (TLS_|ECDHE)\S+$/);
  });
});
