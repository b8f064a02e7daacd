import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bodyPieces, readBody } from '../../src/message/body.ts';
import { DISK_TIMEOUT } from '../../src/message/disk.ts';
import { IncomingMessage } from '../../src/message/incoming.ts';
import { testBodyFiles } from '../kit/body-files.ts';
import { allClosed, cannotCountFiles, openFilesIn } from '../kit/open-files.ts';
import { stuckFile } from '../kit/stuck-file.ts';

const HEADER = Buffer.from('Subject: x\r\n\r\n');
const LENGTH = 1_000_000;
const TURNS = 40;

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

describe('the files of a message', { skip: cannotCountFiles }, () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relayctl-open-'));
    file = join(folder, 'body');
    await writeFile(file, Buffer.alloc(LENGTH, 'x'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are closed when it is aborted, at any turn of the event loop', async () => {
    const files = await testBodyFiles();
    for (let turn = 0; turn < TURNS; turn++) {
      const message = new IncomingMessage({ headerSize: 1024, inMemory: 64, bodies: files });
      void message.write(HEADER);
      for (let part = 0; part < 5; part++) void message.write(Buffer.alloc(100_000));
      await turns(turn);
      await message.discard();
      assert.deepEqual(openFilesIn(files.folder), []);
    }
    await files.remove();
  });

  it('are closed when reading stops, at any turn of the event loop', async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      const stream = readBody(HEADER, { kind: 'file', file, offset: 0, length: LENGTH });
      stream.on('data', () => undefined);
      await turns(turn);
      stream.destroy();
    }
    await allClosed(folder);
  });

  it('are closed when the reading loop is left, and when a file is shorter than it should be', async () => {
    for await (const piece of bodyPieces({ kind: 'file', file, offset: 0, length: LENGTH })) if (piece.length > 0) break;
    const short = bodyPieces({ kind: 'file', file, offset: 0, length: LENGTH + 1 });
    await assert.rejects(async () => {
      for await (const piece of short) assert.ok(piece.length > 0);
    }, /body file ends after 1000000 of 1000001 bytes/);
    await allClosed(folder);
  });

  it('are closed if they open after the abort', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const stuck = await stuckFile();
    const read = bodyPieces({ kind: 'file', file: stuck.file, offset: 0, length: 1 }).next();
    await turns(2);
    context.mock.timers.tick(DISK_TIMEOUT);
    await assert.rejects(read, { code: 'ETIMEDOUT' });
    context.mock.timers.reset();
    await stuck.release();
    await allClosed(stuck.file, 1);
  });
});
