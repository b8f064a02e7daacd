import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { BodyHasher, type BodyHashing, hashingKey } from '../../../src/message/dkim/body-hash.ts';
import { CanonicalBody } from '../../../src/message/dkim/canonical-body.ts';
import { canonicalField } from '../../../src/message/dkim/canonical-header.ts';
import { readTagList } from '../../../src/message/dkim/tag-list.ts';
import { runs } from '../../kit/thorough.ts';
import { naiveBody, naiveField } from '../../lookup/dkim/naive.ts';

const FORMS = ['simple', 'relaxed'] as const;
const canonical = (pieces: readonly Buffer[], form: (typeof FORMS)[number]): string => {
  const body = new CanonicalBody(form);
  const out: Buffer[] = [];
  for (const piece of pieces) for (const part of body.write(piece)) out.push(Buffer.from(part));
  for (const part of body.end()) out.push(Buffer.from(part));
  return Buffer.concat(out).toString('latin1');
};

const text = fc.array(fc.constantFrom('\r\n', '\r', '\n', ' ', '\t', 'a', '\xa0', '.'), { maxLength: 40 }).map((parts) => parts.join(''));
const cuts = fc.array(fc.nat({ max: 80 }), { maxLength: 5 });
const cutAt = (whole: string, places: readonly number[]): readonly Buffer[] => {
  const bytes = Buffer.from(whole, 'latin1');
  const sorted = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

test('the examples of RFC 6376 3.4.5', () => {
  const body = Buffer.from(' C \r\nD \t E\r\n\r\n\r\n');
  assert.equal(canonical([body], 'relaxed'), ' C\r\nD E\r\n');
  assert.equal(canonical([body], 'simple'), ' C \r\nD \t E\r\n');
  assert.equal(canonicalField(Buffer.from('B \t: Y\t\r\n\tZ  \r\n'), 'relaxed').toString(), 'b:Y Z\r\n');
  assert.deepEqual([canonical([], 'relaxed'), canonical([], 'simple')], ['', '\r\n']);
});

test('property: bodies are canonical as in one piece, however they are cut', () => {
  fc.assert(
    fc.property(text, cuts, fc.constantFrom(...FORMS), (body, places, form) => {
      assert.equal(canonical(cutAt(body, places), form), naiveBody(body, form));
    }),
    { numRuns: runs(5000) },
  );
});

test('property: fields are canonical as the oracle has it', () => {
  const value = fc
    .array(fc.constantFrom('\r\n ', '\r\n\t', ' ', '\t', 'a', ':', '\xa0', '\xff'), { maxLength: 20 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.constantFrom('X:', 'Subject :', 'x-Y\t:'), value, fc.constantFrom(...FORMS), (name, rest, form) => {
      const field = `${name}${rest}\r\n`;
      assert.equal(canonicalField(Buffer.from(field, 'latin1'), form).toString('latin1'), naiveField(field, form));
    }),
    { numRuns: runs(2000) },
  );
});

test('property: any bytes are a tag list or none', () => {
  const piece = fc.constantFrom('v', '=', ';', ' ', '\r\n ', '1', 'a', '\xe9', '\0', '_');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece).map((parts) => parts.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (written) => {
        for (const [name, { value, start, end }] of readTagList(written) ?? []) {
          assert.match(name, /^[a-z]\w*$/i);
          assert.ok(written.slice(start, end).includes(value));
        }
      },
    ),
    { numRuns: runs(3000) },
  );
});

const hashed = async (chunks: readonly Buffer[], hashings: readonly BodyHashing[]) => {
  const hasher = new BodyHasher(hashings);
  for (const chunk of chunks) await hasher.write(chunk);
  return hasher.finish();
};

test('several hashes at once, each of its length', async () => {
  const hashings = FORMS.flatMap((form) => [null, 0, 3, 100].map((length) => ({ form, length })));
  const hashes = await hashed([Buffer.from('one  two\r\n'), Buffer.from('\r\n')], hashings);
  for (const hashing of hashings) {
    const body = naiveBody('one  two\r\n\r\n', hashing.form);
    const { digest, size } = hashes.get(hashingKey(hashing)) ?? assert.fail();
    assert.equal(size, body.length);
    assert.deepEqual(
      digest,
      createHash('sha256')
        .update(body.slice(0, hashing.length ?? undefined))
        .digest(),
    );
  }
});

const MEGABYTES = 22;
const LARGE: Readonly<Record<string, Buffer>> = {
  'one line of blanks': Buffer.alloc(MEGABYTES << 20, ' '),
  'empty lines': Buffer.alloc(MEGABYTES << 20, '\r\n'),
  'empty lines and a word': Buffer.concat([Buffer.alloc(MEGABYTES << 20, '\r\n'), Buffer.from('word')]),
  'bare returns': Buffer.alloc(MEGABYTES << 20, '\r'),
  'blanks and returns': Buffer.alloc(MEGABYTES << 20, ' \r'),
};

/** How often others have their turn while `work` runs. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let turns = 0;
  let done = false;
  const over = work.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise(setImmediate);
    turns += 1;
  }
  await over;
  return turns;
};

for (const [what, body] of Object.entries(LARGE)) {
  test(`${MEGABYTES} MB of ${what} take linear time, and others have a turn every 64 KB`, async (context) => {
    const hashings = FORMS.map((form) => ({ form, length: null }));
    const before = process.cpuUsage();
    const turns = await turnsDuring(hashed([body], hashings));
    const { user, system } = process.cpuUsage(before);
    context.diagnostic(`${Math.round((user + system) / 1000)} ms of CPU, ${turns} turns`);
    assert.ok(turns >= (MEGABYTES << 20) / (64 * 1024), `${turns} turns`);
    assert.ok(user + system < 5e6, `${(user + system) / 1000} ms`);
  });
}
