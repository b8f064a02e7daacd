import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryLog } from '../../src/site/relay/delivery-log.ts';
import { Metrics } from '../../src/site/relay/metrics.ts';
import { capturedLog } from '../kit/site.ts';

const EMPTY = { queued: 0, held: 0, quarantined: 0, corrupt: 0 };

test('what becomes of mail is logged with times as the log writes them', () => {
  const { log, lines } = capturedLog();
  const say = deliveryLog(log, new Metrics({ connections: () => 0, queue: () => EMPTY }));
  const report = { code: 451, enhanced: '4.4.1', text: 'not now', remote: '', at: 0 };
  const attempt = { message: 'm', recipient: 'a@example.net', destination: 'example.net', report, attempt: 1, age: 5 };
  say({ event: 'deferred', ...attempt, nextAttempt: 60_000 });
  say({ event: 'delivered', ...attempt, nextAttempt: null });
  say({ event: 'postponed', message: 'm', recipient: 'a@example.net', nextAttempt: 0 });
  assert.deepEqual(
    lines.map(({ msg, nextAttempt }) => [msg, nextAttempt]),
    [
      ['deferred', '1970-01-01T00:01:00.000Z'],
      ['delivered', null],
      ['postponed', '1970-01-01T00:00:00.000Z'],
    ],
  );
  assert.deepEqual(lines[0]?.report, { ...report, at: '1970-01-01T00:00:00.000Z' });
});
