import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Hashing } from './hashing.ts';
import { introduced } from './mail.ts';
import { serving, siteFixture } from './site-fixture.ts';

const MIB = 1024 * 1024;
const PIECES = 1600;
/** 64 KiB of lines, each different from its neighbours; none begins with a dot. */
const PIECE = Array.from({ length: 1024 }, (_, line) => `${String(line).padStart(62, 'a')}\r\n`).join('');
/** Node 20 cannot give memory back before the garbage collector does. */
const BOUND_MIB = 'transfer' in ArrayBuffer.prototype ? 24 : 64;
const noMemory = process.platform === 'linux' ? false : 'memory of another process is read from /proc';

const residentBytes = (pid: number | undefined): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** Looks at a process's memory all the time, and gives its largest growth in bytes. */
const watchMemory = (pid: number | undefined): (() => number) => {
  const before = residentBytes(pid);
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, residentBytes(pid));
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    look();
    return peak - before;
  };
};

test('a message of 100 MiB passes through in memory that stays flat, and arrives whole', { skip: noMemory }, async (context) => {
  const hashing = new Hashing();
  const port = await hashing.open();
  const around = await siteFixture(context, {
    config: 'limits: { message_size: 200MiB, shutdown: 2s }',
    routes: () => `- { id: hashing, to: "smtp://127.0.0.1:${port}", tls: none }`,
  });
  around.closing.add(() => hashing.close());
  const served = await serving(around);
  const client = await introduced(served.address);
  around.closing.add(() => client.destroy());
  await client.dialogue('MAIL FROM:<ann@example.org>', 'RCPT TO:<bob@example.com>', 'DATA');
  const sent = createHash('sha256').update('Subject: large\r\n\r\n');
  const growth = watchMemory(served.process.pid);
  client.raw('Subject: large\r\n\r\n');
  for (let piece = 0; piece < PIECES; piece++) {
    sent.update(PIECE);
    if (!client.socket.write(PIECE)) await once(client.socket, 'drain');
  }
  assert.match((await client.ask('.')).text, /^250 2\.0\.0 /);
  assert.equal(await hashing.digest, sent.digest('hex'));
  const mebibytes = Math.round(growth() / MIB);
  context.diagnostic(`${mebibytes} MiB more than before`);
  assert.ok(mebibytes < BOUND_MIB, `${mebibytes} MiB more than before`);
});
