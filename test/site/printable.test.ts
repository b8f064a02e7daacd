import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditLine } from '../../src/site/logs/decision-log.ts';
import { openLog } from '../../src/site/logs/log.ts';
import { printable } from '../../src/site/logs/printable.ts';
import { runs } from '../kit/thorough.ts';

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Whatever a client may send, what deceives a reader above all. */
const evil = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\r',
      '\n',
      '"',
      '\\',
      '{',
      '\u202e',
      '\u2066',
      '\u2028',
      '\u0085',
      '\u200b',
      '\u001b',
      '\u{e0041}',
      '\ud800',
      'a',
    ),
  }),
);

test('a decision log line is one line of visible characters, whatever a client sends', () => {
  fc.assert(
    fc.property(evil, evil, (helo, sender) => {
      const line = printable(auditLine({ time: '', event: 'queued', ...{ helo, sender } }));
      assert.ok(line.endsWith('\n'));
      assert.doesNotMatch(line.slice(0, -1), HIDDEN);
      assert.deepEqual(JSON.parse(line), { time: '', event: 'queued', helo, sender });
    }),
    { numRuns: runs(2_000) },
  );
});

test('the log escapes hidden characters too', () => {
  fc.assert(
    fc.property(evil, evil, (helo, message) => {
      const lines: string[] = [];
      const { log } = openLog('info', { write: (line) => lines.push(line) });
      log.info({ helo, err: new Error(message) }, 'queued');
      assert.equal(lines.length, 1);
      const [line = ''] = lines;
      assert.doesNotMatch(line.slice(0, -1), HIDDEN);
      assert.equal(JSON.parse(line).helo, helo);
    }),
    { numRuns: runs(1_000) },
  );
});
