import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Membership } from '../../../src/policy/definition.ts';
import { lists } from '../../../src/policy/lists/index.ts';
import type { ListType } from '../../../src/policy/syntax.ts';

const listOf = (type: ListType, entries: readonly string[]): Membership => {
  const compiled = lists.get(type)?.compile(entries);
  assert.ok(compiled);
  assert.deepEqual(compiled.faults, []);
  return compiled.membership;
};

suite('lists', () => {
  for (const { name, example } of lists.values())
    test(`example of ${name}`, () => {
      const list = listOf(name, example.entries);
      assert.equal(list.size, example.entries.length);
      for (const value of example.has) assert.ok(list.has(value), `${value} is in it`);
      for (const value of example.lacks) assert.ok(!list.has(value), `${value} is not in it`);
    });

  const wrong: readonly (readonly [ListType, string])[] = [
    ['address', 'example.com'],
    ['address', '@'],
    ['address', '@.example.com'],
    ['address', 'a b@example.com'],
    ['domain', '@example.com'],
    ['domain', '*.example.com'],
    ['domain', '.'],
    ['domain', 'a..b'],
    ['cidr', '10.0.0.0/33'],
    ['cidr', '10.0.0'],
    ['cidr', '2001:db8::/129'],
    ['cidr', '::ffff:10.0.0.0/8'],
    ['glob', ''],
    ['glob', 'a*'.repeat(17)],
    ['regex', '('],
    ['regex', '(?=a)'],
  ];
  for (const [type, entry] of wrong)
    test(`${type} names the entry ${JSON.stringify(entry.slice(0, 20))}`, () => {
      const compiled = lists.get(type)?.compile(['ok@example.com', entry].slice(type === 'address' ? 0 : 1));
      assert.equal(compiled?.faults.length, 1);
      assert.equal(compiled.faults[0]?.index, type === 'address' ? 1 : 0);
      assert.ok(entry === '' || compiled.faults[0].message.includes(entry));
      assert.equal(compiled.membership.size, type === 'address' ? 1 : 0);
    });

  test('case counts in a string list unless the value has none', () => {
    const list = listOf('string', ['Bob']);
    assert.ok(!list.has('bob'));
    assert.ok(list.hasCaseless?.('bob'));
  });

  test('address lists agree with a reading of their entries one by one', () => {
    const local = fc.constantFrom('a', 'B', 'c+d', 'e.f');
    const host = fc.constantFrom('example.com', 'EXAMPLE.net', 'sub.example.com', 'bücher.example');
    const address = fc.tuple(local, host).map(([left, right]) => `${left}@${right}`);
    const entry = fc.oneof(
      address,
      host.map((right) => `@${right}`),
      local.map((left) => `${left}@`),
    );
    const plain = (text: string): string => text.toLowerCase().replace('bücher', 'xn--bcher-kva');
    const naive = (entries: readonly string[], value: string): boolean =>
      entries
        .map(plain)
        .some((one) => one === value || (one.startsWith('@') ? value.endsWith(one) : one.endsWith('@') && value.startsWith(one)));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), address, (entries, written) => {
        const value = plain(written);
        assert.equal(listOf('address', entries).has(value), naive(entries, value));
      }),
    );
  });

  test('exactly the 300,000 listed addresses match', () => {
    const entries = Array.from({ length: 300_000 }, (_, index) => `User${index}@Example${index % 7}.com`);
    const list = listOf('address', entries);
    assert.equal(list.size, 300_000);
    assert.ok(list.has('user299999@example0.com') === (299_999 % 7 === 0));
    assert.ok(list.has(`user299999@example${299_999 % 7}.com`));
  });
});
