import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { normalAddress, splitAddress } from '../../src/policy/mailbox.ts';
import { parseMailbox } from '../../src/policy/mailbox-syntax.ts';
import { parseRecipient, splitPath } from '../../src/smtp/syntax/path.ts';
import { runs } from '../kit/thorough.ts';

const address = (text: string, utf8 = false): string | null => parseMailbox(text, utf8)?.address ?? null;

test('accepts an RFC 5321 4.1.2 Mailbox', () => {
  for (const text of [
    'a@b.example',
    'a.b+c@d-e.example',
    "!#$%&'*+/=?^_`{|}~-@x.example",
    '"a b"@x.example',
    '"a\\"b"@x.example',
    '"@"@x.example',
    'a@[192.0.2.1]',
    'a@[IPv6:2001:db8::1]',
    `${'l'.repeat(64)}@x.example`,
    'postmaster@localhost',
  ])
    assert.equal(address(text), text);
});

test('rejects anything else', () => {
  for (const text of [
    '',
    '@',
    'a',
    'a@',
    '@b.example',
    '.a@b.example',
    'a.@b.example',
    'a..b@c.example',
    'a(c)@d.example',
    'a,b@d.example',
    'a b@d.example',
    'a@-d.example',
    'a@d-.example',
    'a@b..example',
    'a@b.example.',
    'a@.example',
    'a@b_c.example',
    'a@b@c.example',
    '"a@b.example',
    '"a"b@c.example',
    'a@[192.0.2.256]',
    'a@[2001:db8::1]',
    'a@[IPv6:fe80::1%eth0]',
    'a@[x-tag:foo]',
    '"a\u0000b"@c.example',
    `${'l'.repeat(65)}@x.example`,
    `a@${'l'.repeat(64)}.example`,
    `a@${'abc.'.repeat(63)}example`,
    'ü@x.example',
  ])
    assert.equal(address(text), null, text);
});

test('accepts UTF-8 only with SMTPUTF8, and without deceptive characters', () => {
  assert.equal(address('用户@例子.example', true), '用户@例子.example');
  for (const text of ['a\u202eb@x.example', 'a\u200bb@x.example', 'a\u0085@x.example', 'a\u2028@x.example', 'a@\u3000.example'])
    assert.equal(address(text, true), null);
});

test('removes needless quotes, so they cannot evade a rule', () => {
  assert.equal(address('"user"@x.example'), 'user@x.example');
  assert.equal(address('"u\\ser"@x.example'), 'user@x.example');
  assert.equal(address('"a\\ b"@x.example'), '"a b"@x.example');
});

test('is idempotent, and yields no control characters', () => {
  const part = fc.string({ unit: fc.constantFrom('a', '"', '\\', '@', '.', ' ', '[', ']', 'ü', '\0', '\n', '1', ':', '-'), maxLength: 20 });
  fc.assert(
    fc.property(part, fc.boolean(), (text, utf8) => {
      const mailbox = parseMailbox(text, utf8);
      if (mailbox === null) return;
      assert.deepEqual(parseMailbox(mailbox.address, utf8), mailbox);
      assert.doesNotMatch(mailbox.address, /\p{Cc}/u);
    }),
    { numRuns: runs(3000) },
  );
});

test('splits the path from its parameters, outside quotes', () => {
  assert.deepEqual(splitPath('<a@b.example> SIZE=1'), { path: 'a@b.example', parameters: 'SIZE=1' });
  assert.deepEqual(splitPath(' <">"@b.example>'), { path: '">"@b.example', parameters: '' });
  assert.deepEqual(splitPath('<@r.example,@s.example:a@b.example>'), { path: 'a@b.example', parameters: '' });
  for (const text of ['a@b.example', '<a@b.example', '<a@b.example>SIZE=1', '<<a@b.example>>', ''])
    assert.equal(splitPath(text), null, text);
});

test('<postmaster> is the postmaster of this host', () => {
  assert.equal(parseRecipient('PostMaster', false, 'relay.example.net')?.address, 'PostMaster@relay.example.net');
  assert.equal(parseRecipient('root', false, 'relay.example.net'), null);
});

test('a UTF-8 domain must be U-labels, with nothing a URL parser would cut or mapping would change', () => {
  for (const text of [
    'bob@evil.example#ü@example.com',
    'bob@evil.example/ü@example.com',
    'bob@evil.example?ü@example.com',
    'bob@evil.example\\ü@example.com',
    'bob@example.com#ü',
    'bob@%65xample.bücher',
    'bob@ex\u00adample.com',
    'bob@exａmple.com',
    'bob@example。com',
    'bob@０x7f.1',
  ])
    assert.equal(address(text, true), null, text);
  assert.equal(address('bob@BÜCHER.example', true), 'bob@BÜCHER.example');
});

test('property: an address is compared and looked up by the same domain', () => {
  const part = fc.string({
    unit: fc.constantFrom('a', 'ü', '@', '#', '/', '?', '\\', '.', '%', '6', '1', ':', '-', 'ａ', '。', '\u00ad'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(part, part, (before, behind) => {
      const mailbox = parseMailbox(`bob@${before}a${behind}`, true);
      if (mailbox === null) return;
      const { local, domain } = splitAddress(normalAddress(mailbox.address));
      assert.equal(local, 'bob');
      const ascii = /^[ -~]*$/.test(mailbox.domain) ? mailbox.domain : domainToASCII(mailbox.domain);
      assert.equal(domain, ascii);
      assert.equal(domain.split('.').length, mailbox.domain.split('.').length);
    }),
    { numRuns: runs(5000), seed: 7 },
  );
});
