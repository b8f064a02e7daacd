import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDecisionLog } from '../../src/site/logs/decision-log.ts';
import { deliveryLog } from '../../src/site/logs/delivery-log.ts';
import { Metrics } from '../../src/site/metrics/metrics.ts';
import { capturedLog } from '../kit/site.ts';
import { record } from '../queue/sample.ts';

const EMPTY = { queued: 0, held: 0, quarantined: 0, corrupt: 0 };

test('delivery outcomes are logged with timestamps in the log format', () => {
  const { log, lines } = capturedLog();
  const say = deliveryLog({
    log,
    metrics: new Metrics({ connections: () => 0, queue: () => EMPTY, ledger: () => null }),
    decisions: openDecisionLog(null, log),
    now: () => 0,
  });
  const report = { code: 451, enhanced: '4.4.1', text: 'not now', remote: 'mx.example.net[192.0.2.1]:25', at: 0 };
  const message = record('m');
  const attempt = { record: message, recipient: 'a@example.net', destination: 'example.net', report, attempt: 1, age: 5 };
  say({ event: 'deferred', ...attempt, nextAttempt: 60_000 });
  say({ event: 'delivered', ...attempt, nextAttempt: null });
  say({ event: 'postponed', record: message, recipient: 'a@example.net', nextAttempt: 0 });
  assert.deepEqual(
    lines.map(({ msg, nextAttempt }) => [msg, nextAttempt]),
    [
      ['deferred', '1970-01-01T00:01:00.000Z'],
      ['delivered', undefined],
      ['postponed', '1970-01-01T00:00:00.000Z'],
    ],
  );
  const { code, text, nextHop, queueId, sender } = lines[0] ?? {};
  assert.deepEqual([code, text, nextHop, queueId, sender], [451, 'not now', 'mx.example.net[192.0.2.1]:25', 'm', 'a@example.com']);
});
