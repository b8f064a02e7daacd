import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SpfPermanentError } from '../../../src/lookup/spf/error.ts';
import { expandDomain, readMacroString } from '../../../src/lookup/spf/macro.ts';
import { isSpfRecord, readRecord } from '../../../src/lookup/spf/record.ts';
import { runs } from '../../kit/thorough.ts';

const VALUES = { s: 'strong-bad@email.example.com', l: 'strong-bad', o: 'email.example.com', d: 'email.example.com' };
const MORE = { i: '192.0.2.3', p: 'mx.example.org', v: 'in-addr', h: 'mx.example.org' };

const expanded = (text: string): Promise<string> => expandDomain(readMacroString(text), (letter) => ({ ...VALUES, ...MORE })[letter]);

test('macros expand as RFC 7208 7.4 shows', async () => {
  const shown: Readonly<Record<string, string>> = {
    '%{s}': 'strong-bad@email.example.com',
    '%{d4}': 'email.example.com',
    '%{d2}': 'example.com',
    '%{d1}': 'com',
    '%{dr}': 'com.example.email',
    '%{d2r}': 'example.email',
    '%{l-}': 'strong.bad',
    '%{lr-}': 'bad.strong',
    '%{l1r-}': 'strong',
    '%{ir}.%{v}._spf.%{d2}': '3.2.0.192.in-addr._spf.example.com',
    '%{lr-}.lp._spf.%{d2}': 'bad.strong.lp._spf.example.com',
    '%{S}': 'strong-bad%40email.example.com',
    'a%%b%_c%-d': 'a%b c%20d',
  };
  for (const [text, name] of Object.entries(shown)) assert.equal(await expanded(text), name, text);
});

test('a name too long loses labels on its left', async () => {
  const name = await expanded(`${'%{d}.'.repeat(30)}example`);
  assert.ok(name.length <= 253 && name.length > 230, `${name.length}`);
  assert.match(name, /^(?:email|example|com)\.(?:.*\.)?example$/);
});

test('an error anywhere in a record invalidates the record', () => {
  const wrong = [
    'all:',
    'a:',
    'a:x',
    'a/33',
    'a//129',
    'a/08',
    'ip4:1.2.3',
    'ip4:1.2.3.4/33',
    'ip4:::1',
    'ip6:1.2.3.4',
    'ip6:::1/129',
    'include',
  ];
  const more = [
    'exists',
    'exists:%{c}.x.example',
    'redirect=',
    'exp=a',
    'x=%',
    'x=%{d',
    'mx:x.123',
    'ptr/24',
    '=x',
    'a:%{d0}',
    'a:%{d}x',
    '\ta',
  ];
  for (const term of [...wrong, ...more]) assert.throws(() => readRecord(`v=spf1 +all ${term}`), SpfPermanentError, term);
  for (const twice of ['redirect=a.example redirect=a.example', 'exp=a.example exp=b.example'])
    assert.throws(() => readRecord(`v=spf1 ${twice}`), SpfPermanentError);
});

test('property: any record parses or is a permanent error, quickly', () => {
  const pieces = [
    'a',
    'mx',
    'ip4:',
    'ip6:',
    'include:',
    'exists:',
    'ptr',
    'redirect=',
    'exp=',
    '%{',
    '}',
    '/',
    '//',
    '-',
    '~',
    ' ',
    '.',
    ':',
    '1',
    'x',
    '\u00e9',
  ];
  const text = fc.oneof(
    fc.string({ maxLength: 2000 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 500 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (terms) => {
      try {
        readRecord(`v=spf1 ${terms}`);
      } catch (error) {
        assert.ok(error instanceof SpfPermanentError, String(error));
      }
    }),
    { numRuns: runs(2000) },
  );
});

test('a 64 KB record parses quickly', () => {
  const shapes = ['%{', '%{d}', 'a:%{d', '-', 'a/', ' ', 'x-', '.', 'ip6:'];
  const started = performance.now();
  for (const shape of shapes) {
    const text = `v=spf1 a:${shape.repeat(Math.floor(65_000 / shape.length))}`;
    assert.ok(isSpfRecord(text));
    try {
      readRecord(text);
    } catch (error) {
      assert.ok(error instanceof SpfPermanentError);
    }
  }
  const took = performance.now() - started;
  assert.ok(took < 10_000, `${took} ms`);
});
