import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseDuration, parseSize } from '../../../src/policy/quantity.ts';
import { types } from '../../../src/policy/types/index.ts';
import type { Scalar } from '../../../src/policy/value.ts';
import { runs } from '../../kit/thorough.ts';

const interesting = fc.constantFrom<Scalar>(
  'User@Example.COM',
  '@example.com',
  'a@',
  'BÜCHER.example.',
  '[IPv6:2001:DB8::1]',
  '::FFFF:10.0.0.1',
  '2001:db8:0::/32',
  '10.1.2.3/24',
  '25MiB',
  '1.5 GB',
  '1h30m',
  'Monday',
  'ehlo',
  'TLSV1.2',
  'PASS',
  '10-recipients/inbound',
  '',
  '.',
  '@',
  true,
  0,
  -1,
  1.5,
);
const anything = fc.oneof(interesting, fc.string(), fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.boolean());

suite('types', () => {
  for (const type of types.values())
    test(`${type.name}: normalization is idempotent`, () => {
      fc.assert(
        fc.property(anything, (value) => {
          const normal = type.normalize(value);
          if (normal !== null) assert.equal(type.normalize(normal), normal);
        }),
        { numRuns: runs(300) },
      );
    });

  const equal: readonly (readonly [string, Scalar, Scalar | null])[] = [
    ['address', 'User@BÜCHER.example', 'user@xn--bcher-kva.example'],
    ['address', '"A@b"@Example.com', '"a@b"@example.com'],
    ['address', '@example.com', null],
    ['domain', 'Example.COM.', 'example.com'],
    ['domain', '[IPv6:2001:DB8::1]', '[ipv6:2001:db8::1]'],
    ['ip', '::ffff:192.0.2.1', '192.0.2.1'],
    ['ip', '2001:0DB8::0001', '2001:db8::1'],
    ['ip', 'example.com', null],
    ['net', '10.1.2.3/24', '10.1.2.0/24'],
    ['size', '25MiB', 26_214_400],
    ['duration', '1h30m', 5_400_000],
    ['duration', '10 minutes', null],
    ['weekday', 'Monday', 'mon'],
    ['weekday', 'mo', null],
    ['helo-verb', 'ehlo', 'EHLO'],
    ['spf-result', 'temperror', null],
    ['string', 42, '42'],
    ['boolean', 'yes', null],
    ['number', '7', 7],
    ['number', 'seven', null],
  ];
  for (const [name, written, normal] of equal)
    test(`${name}: ${JSON.stringify(written)}`, () => assert.equal(types.get(name)?.normalize(written), normal));

  test('a grant also matches by its short id', () => assert.deepEqual(types.get('grant')?.aliases?.('10-recipients/inbound'), ['inbound']));

  test('sizes and durations of every unit', () => {
    assert.deepEqual(
      ['1', '1B', '1K', '1KB', '1KiB', '2MB', '2MiB', '1 GiB', '1.5KiB'].map(parseSize),
      [1, 1, 1000, 1000, 1024, 2_000_000, 2_097_152, 1_073_741_824, 1536],
    );
    assert.deepEqual(['500ms', '1s', '1m', '1h', '1d', '1w'].map(parseDuration), [500, 1000, 60_000, 3_600_000, 86_400_000, 604_800_000]);
    for (const wrong of ['', '10', 's', '-1s', '1y', '1 m']) assert.equal(parseDuration(wrong), null, wrong);
    for (const wrong of ['', 'MiB', '-1', '1XB', '1,5MB']) assert.equal(parseSize(wrong), null, wrong);
  });
});
