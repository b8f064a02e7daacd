import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { frameOf, type Operation, scan } from '../../src/queue/journal/frame.ts';

const MARK = 0x01020304;

const operation = (id: string, record: string, body: Uint8Array): Operation => ({
  kind: 'put',
  id,
  state: 'queued',
  record: Buffer.from(record),
  header: Buffer.from('h'),
  body: Buffer.from(body),
});

const operations = fc.array(
  fc.tuple(fc.stringMatching(/^[0-9a-z]{1,30}$/), fc.string(), fc.uint8Array({ maxLength: 200 })).map((parts) => operation(...parts)),
  { maxLength: 4 },
);
const steps = fc.array(operations, { minLength: 1, maxLength: 8 });

/** The segment as the disk holds it, and where each frame begins. */
const written = (list: readonly (readonly Operation[])[]): { readonly bytes: Buffer; readonly starts: readonly number[] } => {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const step of list) {
    const frame = frameOf(step);
    starts.push(at);
    parts.push(...frame.place(MARK, at).buffers);
    at += frame.length;
  }
  return { bytes: Buffer.concat([...parts, Buffer.alloc(512)]), starts };
};

const idsOf = (bytes: Buffer, mark = MARK): string[] =>
  [...scan(bytes, mark)].flatMap((part) => (part.found === 'frame' ? part.operations.map(({ id }) => id) : ['damage']));

describe('frames of a journal', () => {
  it('are read as they were written, part for part', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { bytes } = written(list);
        const read = [...scan(bytes, MARK)].flatMap((part) => (part.found === 'frame' ? part.operations : []));
        const parts = read.map((placed) => [
          placed.id,
          bytes.toString('utf8', placed.recordAt, placed.recordAt + placed.recordLength),
          bytes
            .subarray(placed.contentAt + placed.headerLength, placed.contentAt + placed.headerLength + placed.bodyLength)
            .toString('hex'),
        ]);
        assert.deepEqual(
          parts,
          list.flat().map(({ id, record, body }) => [id, record.toString(), body.toString('hex')]),
        );
      }),
    );
  });

  it('from another segment are ignored', () => {
    fc.assert(fc.property(steps, (list) => assert.deepEqual(idsOf(written(list).bytes, MARK + 1), [])));
  });

  it('that are torn are not read as complete', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const { bytes, starts } = written(list);
        const at = cut % bytes.length;
        bytes.fill(0, at);
        const whole = list.filter((_, index) => (starts[index + 1] ?? bytes.length - 512) <= at);
        const ids = idsOf(bytes).filter((id) => id !== 'damage');
        const lost = list.flat().map(({ id }) => id);
        assert.deepEqual(ids.slice(0, whole.flat().length), lost.slice(0, whole.flat().length));
        assert.ok(ids.length <= lost.length);
      }),
    );
  });

  it('survive a changed byte in a neighbouring frame', () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, where, change) => {
        const { bytes, starts } = written(list);
        const at = where % (bytes.length - 512);
        bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
        const hit = starts.findLastIndex((start) => start <= at);
        const others = list.filter((_, index) => index !== hit).flatMap((step) => step.map(({ id }) => id));
        const ids = idsOf(bytes).filter((id) => id !== 'damage');
        const whole = list.flatMap((step) => step.map(({ id }) => id));
        assert.ok(String(ids) === String(others) || String(ids) === String(whole), `${ids} of ${whole}`);
      }),
    );
  });

  it('inside a message are not read as frames', () => {
    const inner = written([[operation('forged', 'r', Buffer.alloc(0))]]).bytes;
    const { bytes } = written([[operation('outer', 'r', inner)], [operation('next', 'r', Buffer.alloc(0))]]);
    assert.deepEqual(idsOf(bytes), ['outer', 'next']);
    bytes.writeUInt8(7, bytes.indexOf('forged') + 1);
    assert.deepEqual(idsOf(bytes), ['damage', 'next']);
  });
});
