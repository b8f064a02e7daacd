import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleText } from 'node:util';
import fc from 'fast-check';
import { safely, visible } from '../../src/cli/terminal/visible.ts';

const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const evil = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001b', '[', '3', '1', 'm', '\u009b', '\u202e', '\u2066', '\u2028', '\r', '\u0000', '\u{e0041}', '\ufeff', 'a'),
  }),
);

const written = (text: string, color: boolean): string => {
  const out: string[] = [];
  const terminal = safely({ out: (said) => out.push(said), err: () => undefined, color, exitCode: 0 });
  terminal.out(text);
  return out.join('');
};

test('hidden, cursor and bidirectional control characters never reach the terminal', () => {
  fc.assert(
    fc.property(evil, (text) => {
      assert.doesNotMatch(written(text, false), HIDDEN);
      assert.doesNotMatch(visible(text), HIDDEN);
      assert.doesNotMatch(written(text, true).replaceAll(/\p{Cc}\[\d{1,2}m/gu, ''), HIDDEN);
    }),
  );
});

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(evil, (text) => {
      assert.equal(JSON.parse(written(JSON.stringify({ text }), false)).text, text);
    }),
  );
});

test('our own colours stay where there are colours, and no other sequence', () => {
  const red = styleText('red', 'no');
  assert.equal(written(red, true), red);
  assert.doesNotMatch(written(red, false), /\p{Cc}/u);
  assert.equal(written(`${String.fromCharCode(27)}[8mhidden`, true), '\\u001b[8mhidden');
});

test('the exit code is passed through', () => {
  const terminal = { out: () => undefined, err: () => undefined, color: false, exitCode: 0 };
  safely(terminal).exitCode = 2;
  assert.equal(terminal.exitCode, 2);
});
