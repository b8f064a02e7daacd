import assert from 'node:assert/strict';
import { open as openFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { readSigned } from '../../src/lookup/signed-message.ts';
import { type BodyRef, bodyPieces } from '../../src/message/body.ts';
import { FileSink } from '../../src/message/body-file.ts';
import { contentStream } from '../../src/message/content.ts';
import { messageContents } from '../../src/message/contents.ts';
import { DISK_TIMEOUT } from '../../src/message/disk.ts';
import { dkimSubject } from '../../src/message/dkim/sign.ts';
import { IncomingMessage } from '../../src/message/incoming.ts';
import { type StuckFile, stuckFile } from '../kit/stuck-file.ts';

const header = Buffer.from('From: ann@example.com\r\n\r\n');
let stuck: StuckFile;
let body: BodyRef;
before(async () => {
  stuck = await stuckFile();
  body = { kind: 'file', file: stuck.file, offset: 0, length: 100_000 };
});
after(() => stuck.release());

const open = () => contentStream({ header, body });

describe('a body on a disk that does not answer', () => {
  it('is not parsed past the deadline of the hook', { timeout: 600_000 }, async () => {
    const reading = messageContents({ open }, { parts: 9 }).text(AbortSignal.timeout(20));
    await assert.rejects(reading, { name: 'TimeoutError' });
  });

  it('is not verified past the deadline of the hook', { timeout: 600_000 }, async () => {
    await assert.rejects(
      readSigned(open, () => [], AbortSignal.timeout(20)),
      { kind: 'given up' },
    );
  });

  it('does not keep the sender of a message waiting', { timeout: 600_000 }, async (context) => {
    const bodies = {
      newBody: async () => new FileSink(stuck.file, await openFile(stuck.file, 'w'), async () => undefined),
    };
    const message = new IncomingMessage({ headerSize: 1024, inMemory: 64, bodies });
    context.mock.timers.enable({ apis: ['setTimeout'] });
    await message.write(header);
    const waiting = message.write(Buffer.alloc(500_000));
    assert.ok(waiting instanceof Promise);
    context.mock.timers.tick(DISK_TIMEOUT);
    await waiting;
    await assert.rejects(async () => message.finish(), { code: 'ETIMEDOUT' });
    await message.discard();
  });

  it('fails a read that has no deadline', { timeout: 600_000 }, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const reading = [bodyPieces(body).next(), dkimSubject({ header, body })];
    const outcome = Promise.allSettled(reading);
    let over = false;
    void outcome.then(() => (over = true));
    while (!over) {
      await new Promise(setImmediate);
      context.mock.timers.tick(DISK_TIMEOUT);
    }
    for (const { status, ...result } of await outcome) {
      assert.equal(status, 'rejected');
      assert.match(String('reason' in result && result.reason), /the disk did not answer within 60 s/);
    }
  });
});
