import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMailParameters, parseRcptParameters } from '../../src/smtp/syntax/parameters.ts';
import { introduced, submit, testRelay } from './relay.ts';

test('MAIL parameters go into the envelope', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.dialogue(
    'MAIL FROM:<ü@例子.example> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1 AUTH=<>',
    'RCPT TO:<rcpt@example.com> NOTIFY=SUCCESS,delay ORCPT=rfc822;a+40b@example.com',
    'RCPT TO:<other@example.com> NOTIFY=NEVER',
    'DATA',
    '.',
  );
  const [message] = relay.accepted;
  assert.deepEqual(message?.envelope, { sender: 'ü@例子.example', body: '8bitmime', smtputf8: true, ret: 'headers', envid: 'id+2B1' });
  assert.deepEqual(message?.recipients, [
    { address: 'rcpt@example.com', grant: 'p/inbound', notify: ['success', 'delay'], orcpt: 'rfc822;a+40b@example.com' },
    { address: 'other@example.com', grant: 'p/inbound', notify: ['never'] },
  ]);
});

test('malformed, double and unknown parameters are refused', () => {
  const codeOf = (parsed: ReturnType<typeof parseMailParameters> | ReturnType<typeof parseRcptParameters>): number =>
    parsed.ok ? 250 : parsed.reply.code;
  for (const [text, code] of [
    ['', 250],
    ['  SIZE=1', 250],
    ['SIZE=', 501],
    ['SIZE', 501],
    ['SIZE=1x', 501],
    ['SIZE=-1', 501],
    ['SIZE=1 size=2', 501],
    ['BODY=BINARYMIME', 501],
    ['SMTPUTF8=1', 501],
    ['RET=NONE', 501],
    ['ENVID=a+0', 501],
    ['ENVID=a=b', 501],
    ['=x', 501],
    ['X-UNKNOWN=1', 555],
    ['constructor', 555],
    ['NOTIFY=NEVER', 555],
  ] as const)
    assert.equal(codeOf(parseMailParameters(text)), code, text);
  for (const [text, code] of [
    ['NOTIFY=NEVER', 250],
    ['NOTIFY=NEVER,SUCCESS', 501],
    ['NOTIFY=', 501],
    ['NOTIFY=SUCCESS,SUCCESS', 501],
    ['NOTIFY=SOMETIMES', 501],
    ['ORCPT=a@b.example', 501],
    ['ORCPT=utf-8;ü@b.example', 250],
    ['SIZE=1', 555],
  ] as const)
    assert.equal(codeOf(parseRcptParameters(text)), code, text);
});

test('bad sender and recipient addresses get their own codes', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { errors: 100 } }));
  assert.deepEqual(
    await client.dialogue(
      'MAIL FROM:a@b.example',
      'MAIL FROM:<a@b..example>',
      'MAIL FROM:<ü@b.example>',
      'MAIL <a@b.example>',
      'MAIL FROM:<a@b.example> FOO=1',
      'MAIL FROM: <a@b.example>',
      'RCPT TO:<>',
      'RCPT TO:<a(c)@d.example>',
      'RCPT TO:<postmaster>',
      'RCPT TO:<@hop.example:a@example.com>',
    ),
    [
      '501 5.1.7 Bad sender address syntax',
      '501 5.1.7 Bad sender address syntax',
      '501 5.1.7 Bad sender address syntax',
      '501 5.5.4 Syntax error in arguments',
      '555 5.5.4 Parameter not recognized',
      '250 2.1.0 Sender ok',
      '501 5.1.3 Bad recipient address syntax',
      '501 5.1.3 Bad recipient address syntax',
      '550 5.7.1 Relay access denied',
      '250 2.1.5 Recipient ok',
    ],
  );
});

test('a needlessly quoted local part matches rules for the plain one', async (t) => {
  const relay = await testRelay(t);
  assert.equal(await submit(await introduced(relay), '', '"rcpt"@example.com'), '250 2.0.0 Ok: queued as id1');
  assert.equal(relay.accepted[0]?.recipients[0]?.address, 'rcpt@example.com');
});
