import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticationResults, authenticationResultsField } from '../../src/message/authentication-results.ts';
import { withoutForgedResults } from '../../src/message/forged-results.ts';
import { splitMessage } from '../../src/message/header.ts';
import { type FactSource, type FactValue, Unknown } from '../../src/policy/value.ts';

const US = 'relay.example.com';

const given = (facts: Readonly<Record<string, FactValue>>): FactSource => ({
  get: (fact) => (Object.hasOwn(facts, fact) ? facts[fact] : undefined),
});

const field = (facts: Readonly<Record<string, FactValue>>): string =>
  authenticationResultsField(US, authenticationResults(given(facts)))
    .replace(/\r\n /g, ' ')
    .trimEnd();

describe('Authentication-Results', () => {
  it('reports what was looked up, and nothing else', () => {
    assert.deepEqual(authenticationResults(given({ 'client.ip': '192.0.2.1', 'sender.address': 'a@example.net' })), []);
    assert.equal(field({}), `Authentication-Results: ${US}; none`);
  });

  it('reports the identity each result is about', () => {
    const facts = { 'spf.result': 'pass', 'sender.address': 'a@example.net', 'dmarc.result': 'fail', 'header.from': ['A <a@example.org>'] };
    assert.equal(field(facts), `Authentication-Results: ${US}; spf=pass smtp.mailfrom=a@example.net; dmarc=fail header.from=example.org`);
  });

  it('reports HELO for the null sender', () => {
    assert.match(
      field({ 'spf.result': 'softfail', 'sender.address': null, 'helo.name': 'h.example.net' }),
      /spf=softfail smtp\.helo=h\.example\.net$/,
    );
  });

  it('has one entry per signing domain', () => {
    assert.match(
      field({ 'dkim.result': 'pass', 'dkim.domains': ['a.example', 'b.example'] }),
      /dkim=pass header\.d=a\.example; dkim=pass header\.d=b\.example$/,
    );
    assert.match(field({ 'dkim.result': null, 'dkim.domains': [] }), /dkim=none$/);
  });

  it('reports temperror for a failed look-up', () => {
    assert.match(field({ 'spf.result': new Unknown('time-out'), 'arc.result': new Unknown('SERVFAIL') }), /spf=temperror; arc=temperror$/);
  });

  it('reports reverse DNS and the user', () => {
    assert.match(
      field({ 'client.fcrdns': true, 'client.ip': '192.0.2.1', 'auth.user': 'u' }),
      /iprev=pass policy\.iprev=192\.0\.2\.1; auth=pass smtp\.auth=u$/,
    );
    assert.match(field({ 'client.fcrdns': false }), /iprev=fail$/);
  });

  it('quotes values that are not tokens', () => {
    assert.match(field({ 'auth.user': 'a "b"; spf=pass\r\nX: y' }), /auth=pass smtp\.auth="a \\"b\\"; spf=pass\?\?X: y"$/);
  });
});

describe('Authentication-Results fields that claim our name', () => {
  const kept = (fields: string): string =>
    withoutForgedResults(splitMessage(Buffer.from(`${fields}\r\n`)).header, US).fieldBytes.toString();
  const forged = [
    `Authentication-Results: ${US}; spf=pass`,
    `AUTHENTICATION-RESULTS : RELAY.example.COM 1; spf=pass`,
    `Authentication-Results:\r\n (a (nested \\) comment)) ${US};\r\n spf=pass`,
    `Authentication-Results: "relay\\.example.com"; spf=pass`,
    `Authentication-Results: ${US}(comment); none`,
    `Authentication-Results: ${US}`,
  ];
  for (const one of forged)
    it(`are removed: ${one.replaceAll('\r\n', '')}`, () => assert.equal(kept(`A: b\r\n${one}\r\nC: d\r\n`), 'A: b\r\nC: d\r\n'));

  const others = [
    'Authentication-Results: mx.example.net; spf=pass',
    `Authentication-Results: (${US}) mx.example.net; spf=pass`,
    `Authentication-Results: ${US}.example.net; spf=pass`,
    'Authentication-Results:',
    `ARC-Authentication-Results: i=1; ${US}; spf=pass`,
  ];
  for (const one of others)
    it(`are kept byte for byte if not ours: ${one}`, () => assert.equal(kept(`${one}\r\nC: d\r\n`), `${one}\r\nC: d\r\n`));

  it('leave the header object alone where there are none', () => {
    const { header } = splitMessage(Buffer.from('A: b\r\n\r\n'));
    assert.equal(withoutForgedResults(header, US), header);
  });
});
