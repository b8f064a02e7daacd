import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lists } from '../../../src/policy/lists/index.ts';
import { TextTable, TextTableBuilder } from '../../../src/policy/lists/tables/text-table.ts';
import { normalAddress, normalDomain, normalLocal } from '../../../src/policy/mailbox.ts';
import { runs } from '../../kit/thorough.ts';

/** Few letters, so that texts often meet; code units of one byte, of two, and halves of surrogate pairs. */
const text = fc
  .array(fc.constantFrom('a', 'b', '', '\u007f', '\u0080', 'é', '\ud83d', '\ude00', '\uffff', '@', '.'), { maxLength: 6 })
  .map((all) => all.join(''));

const tableOf = (texts: readonly string[], seed?: number): TextTable => {
  const builder = new TextTableBuilder(seed);
  for (const one of texts) builder.add(one);
  return new TextTable(builder.build());
};

test('a table matches a Set, also for substrings', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), fc.array(text, { maxLength: 60 }), fc.integer(), (texts, asked, seed) => {
      const table = tableOf(texts, seed);
      const set = new Set(texts);
      assert.equal(table.isEmpty, texts.length === 0);
      for (const one of [...texts, ...asked]) {
        assert.equal(table.has(one), set.has(one));
        for (let from = 0; from <= one.length; from++) assert.equal(table.has(`x${one}`, from + 1), set.has(one.slice(from)));
        for (let to = 0; to <= one.length; to++) assert.equal(table.has(one, 0, to), set.has(one.slice(0, to)));
      }
    }),
    { numRuns: runs(300) },
  );
});

test('texts in the same slot are distinguished', () => {
  const texts = Array.from({ length: 5000 }, (_, n) => `t${n}`);
  const table = tableOf(texts, 0);
  for (const one of texts) assert.ok(table.has(one));
  for (let n = 5000; n < 10_000; n++) assert.ok(!table.has(`t${n}`));
});

const local = fc.constantFrom('a', 'B', 'ä', 'a+b', 'x.y');
const host = fc.constantFrom('a.example', 'B.example', 'sub.a.example', 'bücher.example', 'x.b.example');

test('address lists in tables agree with sets of each form', () => {
  const address = fc.tuple(local, host).map(([left, right]) => `${left}@${right}`);
  const entry = fc.oneof(
    address,
    host.map((name) => `@${name}`),
    local.map((name) => `${name}@`),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), fc.array(address, { minLength: 1, maxLength: 12 }), (entries, asked) => {
      const list = lists.get('address')?.compile(entries).membership ?? assert.fail();
      const again = lists.get('address')?.open?.(list.tables ?? [], list.size) ?? assert.fail();
      const whole = new Set(entries.filter((one) => !one.startsWith('@') && !one.endsWith('@')).map(normalAddress));
      const domains = new Set(entries.filter((one) => one.startsWith('@')).map((one) => normalDomain(one.slice(1))));
      const locals = new Set(entries.filter((one) => one.endsWith('@')).map((one) => normalLocal(one.slice(0, -1))));
      for (const value of asked.map(normalAddress)) {
        const at = value.lastIndexOf('@');
        const expected = whole.has(value) || domains.has(value.slice(at + 1)) || locals.has(value.slice(0, at));
        assert.equal(list.has(value), expected);
        assert.equal(again.has(value), expected);
      }
    }),
    { numRuns: runs(300) },
  );
});

test('domain and string lists in tables agree with sets', () => {
  const entry = fc.oneof(
    host,
    host.map((name) => `.${name}`),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 10 }), fc.array(host, { minLength: 1, maxLength: 10 }), (entries, asked) => {
      const domains = lists.get('domain')?.compile(entries).membership ?? assert.fail();
      const strings = lists.get('string')?.compile(entries).membership ?? assert.fail();
      const below = entries.filter((one) => one.startsWith('.')).map((one) => `.${normalDomain(one.slice(1))}`);
      const names = new Set(entries.filter((one) => !one.startsWith('.')).map(normalDomain));
      const folded = new Set(entries.map((one) => one.toLowerCase()));
      for (const value of asked) {
        const name = normalDomain(value);
        assert.equal(domains.has(name), names.has(name) || below.some((parent) => name.endsWith(parent)));
        assert.equal(strings.has(value), entries.includes(value));
        assert.equal(strings.hasCaseless?.(value.toUpperCase()), folded.has(value.toUpperCase().toLowerCase()));
      }
    }),
    { numRuns: runs(300) },
  );
});
