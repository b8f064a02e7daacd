import assert from 'node:assert/strict';
import { test } from 'node:test';
import packet, { type Answer } from 'dns-packet';
import fc from 'fast-check';
import { readReply } from '../../src/lookup/reply.ts';
import { runs } from '../kit/thorough.ts';

const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
const ttl = fc.nat({ max: 0x7fffffff });
const text = fc.array(
  fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 4 },
);
const answer = fc.oneof(
  fc.record({ type: fc.constant('A' as const), name, ttl, data: fc.ipV4() }),
  fc.record({ type: fc.constant('PTR' as const), name, ttl, data: name }),
  fc.record({ type: fc.constant('CNAME' as const), name, ttl, data: name }),
  fc.record({ type: fc.constant('MX' as const), name, ttl, data: fc.record({ preference: fc.nat({ max: 65_535 }), exchange: name }) }),
  fc.record({ type: fc.constant('TXT' as const), name, ttl, data: text }),
);

const shown = (record: Answer): unknown => {
  switch (record.type) {
    case 'TXT':
      return [
        [record.data]
          .flat()
          .map((part) => Buffer.from(part).toString('latin1'))
          .join(''),
        0,
      ];
    case 'MX':
      return [record.data.exchange, record.data.preference];
    default:
      return ['data' in record ? record.data : '', 0];
  }
};

test('property: reads what dns-packet writes', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 8 }), name, (answers, asked) => {
      const bytes = packet.encode({ type: 'response', id: 7, flags: 0, questions: [{ type: 'TXT', name: asked }], answers });
      const reply = readReply(bytes) ?? assert.fail();
      assert.deepEqual([reply.id, reply.isReply, reply.truncated, reply.code], [7, true, false, 0]);
      assert.deepEqual(reply.question, { name: asked, type: 'TXT' });
      assert.deepEqual(
        reply.answers.map(({ type, name: owner, ttl: time, value, preference }) => [type, owner, time, [value, preference]]),
        answers.map((record) => [record.type, record.name, record.ttl, shown(record)]),
      );
    }),
  );
});

test('property: any bytes are a reply or none', () => {
  const start = Buffer.from('000781800001000200010000', 'hex');
  const bytes = fc
    .tuple(fc.boolean(), fc.uint8Array({ maxLength: 300 }))
    .map(([real, rest]) => Buffer.concat([real ? start : Buffer.alloc(0), rest]));
  fc.assert(
    fc.property(bytes, (packetBytes) => {
      for (const record of readReply(packetBytes)?.answers ?? []) assert.ok(record.name.length <= 255);
    }),
    { numRuns: runs(5000) },
  );
});

const HEAD = 12;
const header = (answers: number): Buffer => {
  const bytes = Buffer.from('000781800001000000000000', 'hex');
  bytes.writeUInt16BE(answers, 6);
  return bytes;
};
const QUESTION = Buffer.from('0161000001' + '0001', 'hex');
const record = (owner: Buffer, data: Buffer): Buffer => {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(5, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
};
const pointer = (target: number): Buffer => Buffer.from([0xc0 | (target >> 8), target & 255]);

/** Records whose names lead through each other, as far as two octets reach. */
const chain = (): Buffer => {
  const parts = [header(0xffff), QUESTION];
  let before = HEAD;
  for (let at = HEAD + QUESTION.length; at < 16_300; at += 14) {
    parts.push(record(pointer(before), pointer(at)));
    before = at + 12;
  }
  const last = pointer(before);
  for (let size = 16_300; size < 65_000; size += 14) parts.push(record(last, last));
  return Buffer.concat(parts);
};

const longNames = (): Buffer => {
  const labels = Buffer.concat([Buffer.from('0162'.repeat(126), 'hex'), Buffer.from([0])]);
  const parts = [header(5000), QUESTION, record(labels, labels)];
  for (let index = 0; index < 4600; index++) parts.push(record(pointer(HEAD + QUESTION.length), pointer(HEAD + QUESTION.length)));
  return Buffer.concat(parts);
};

const MALICIOUS: Readonly<Record<string, Buffer>> = {
  'a chain of pointers': chain(),
  'a pointer to itself': Buffer.concat([header(1), QUESTION, record(pointer(HEAD + QUESTION.length), Buffer.from([0]))]),
  'a pointer forwards': Buffer.concat([header(1), QUESTION, record(pointer(HEAD + QUESTION.length + 12), Buffer.from([1, 97, 0]))]),
  'long names many times': longNames(),
  'more records than there are': Buffer.concat([header(0xffff), QUESTION]),
};

for (const [what, bytes] of Object.entries(MALICIOUS)) {
  test(`${what} (${bytes.length} octets) costs little`, () => {
    const before = process.cpuUsage();
    for (let again = 0; again < 5; again++) readReply(bytes);
    const { user } = process.cpuUsage(before);
    assert.ok(user / 5 < 50_000, `${user / 5000} ms`);
  });
}
