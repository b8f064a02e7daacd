import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { bodyPieces, readBody } from '../../src/message/body.ts';
import type { FileBody } from '../../src/message/body-ref.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';

const BYTES = Buffer.alloc(1_000_000, 'a line of a large body\r\n');
const ALTERED = Buffer.from(BYTES).fill('!', 123_456, 123_457);

const piecesOf = async (body: FileBody): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of bodyPieces(body)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

describe('the checksum of a body in a file', () => {
  let files: TestBodyFiles;
  before(async () => {
    files = await testBodyFiles();
  });
  after(() => files.remove());

  it('is taken while the body is written', async () => {
    const sink = await files.newBody();
    for (let at = 0; at < BYTES.length; at += 300_000) await sink.append(BYTES.subarray(at, at + 300_000));
    const body = await sink.finish();
    assert.equal(body.kind === 'file' && body.sum, crc32(BYTES));
  });

  it('fits what is read back', async () => {
    const body = await files.write(BYTES);
    assert.ok((await piecesOf(body)).equals(BYTES));
    assert.ok((await buffer(readBody(Buffer.alloc(0), body))).equals(BYTES));
    assert.equal((await piecesOf(await files.write(Buffer.alloc(0)))).length, 0);
  });

  it('keeps the last bytes of a changed body from being read', async () => {
    const body = await files.write(BYTES);
    await writeFile(body.file, ALTERED);
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const piece of bodyPieces(body)) read += piece.length;
    };
    await assert.rejects(reading(), /does not fit its checksum/);
    assert.ok(read < BYTES.length);
    await assert.rejects(buffer(readBody(Buffer.alloc(0), body)), /does not fit its checksum/);
  });

  it('does not hide that the file is too short', async () => {
    const body = await files.write(BYTES);
    await truncate(body.file, 10);
    await assert.rejects(piecesOf(body), /body file ends after 10 of 1000000 bytes/);
  });
});
