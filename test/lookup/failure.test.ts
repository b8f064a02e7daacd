import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { failureOf, reasonOf } from '../../src/lookup/failure.ts';

/** What a service that fetches from there fails with. */
const failing = async (url: string, signal?: AbortSignal): Promise<unknown> => {
  try {
    return await fetch(url, signal ? { signal } : {});
  } catch (error) {
    return error;
  }
};

test('a failing HTTP service reports its reason', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  assert.equal(failureOf(await failing(url, AbortSignal.timeout(20))).kind, 'time-out');
  assert.equal(failureOf(await failing(url, AbortSignal.abort())).kind, 'given up');
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  const refused = await failing(url);
  assert.equal(failureOf(refused).kind, 'unreachable');
  assert.match(reasonOf(refused), /^unreachable: .*ECONNREFUSED/);
});

test('a fault of the service itself is reported as such', () => {
  assert.equal(reasonOf(new TypeError('x is not a function')), 'internal fault: x is not a function');
  assert.equal(reasonOf('odd\r\n'), 'internal fault: odd  ');
});
