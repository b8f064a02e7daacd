import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTls } from '../../src/site/files/tls-context.ts';

const CONFIG = { cert: '/site/cert.pem', key: '/site/key.pem', minVersion: 'TLSv1.2', askClient: false } as const;

test('an invalid key is reported with its path', () => {
  const rubbish = Buffer.from('rubbish');
  assert.throws(() => readTls(CONFIG, { cert: rubbish, key: rubbish }), /\/site\/cert\.pem and key \/site\/key\.pem cannot be used: /);
  assert.equal(readTls(null, null), null);
});
