import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { BodyRef } from '../../src/message/body.ts';
import { contentLength, contentStream } from '../../src/message/content.ts';
import { testBodyFiles } from '../kit/body-files.ts';

describe('an outgoing message', () => {
  const header = Buffer.from('A: b\r\n\r\n');

  const check = async (body: BodyRef, expected: string): Promise<void> => {
    assert.equal((await buffer(contentStream({ header, body }))).toString(), expected);
    assert.equal(contentLength({ header, body }), expected.length);
  };

  it('is header and body from memory', async () => {
    await check({ kind: 'inline', bytes: Buffer.from('body') }, 'A: b\r\n\r\nbody');
    await check({ kind: 'inline', bytes: Buffer.alloc(0) }, 'A: b\r\n\r\n');
  });

  it('is read from its position in a file', async () => {
    const files = await testBodyFiles();
    const { file } = await files.write(Buffer.from('before:body:after'));
    await check({ kind: 'file', file, offset: 7, length: 4 }, 'A: b\r\n\r\nbody');
    await check({ kind: 'file', file, offset: 7, length: 0 }, 'A: b\r\n\r\n');
    await files.remove();
  });

  it('is read from its store in chunks, repeatedly', async () => {
    const open = async function* (): AsyncGenerator<Buffer> {
      for (const piece of ['bo', '', 'dy']) yield Buffer.from(piece);
    };
    const body = { kind: 'stream', length: 4, open } as const;
    for (let time = 0; time < 2; time++) await check(body, 'A: b\r\n\r\nbody');
  });

  it('fails if its store fails', async () => {
    const open = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('bo');
      throw Object.assign(new Error('the server is gone'), { code: 'ECONNRESET' });
    };
    const body = { kind: 'stream', length: 4, open } as const;
    await assert.rejects(buffer(contentStream({ header, body })), { code: 'ECONNRESET' });
  });

  it('fails if the file is gone', async () => {
    await assert.rejects(buffer(contentStream({ header, body: { kind: 'file', file: '/nowhere/at/all', offset: 0, length: 4 } })), {
      code: 'ENOENT',
    });
  });
});
