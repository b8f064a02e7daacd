import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { completionAt } from '../../src/language-server/features/completion.ts';
import { hoverAt } from '../../src/language-server/features/hover.ts';
import { NO_NAMES } from '../../src/language-server/names/site-names.ts';
import { editorSchema } from '../../src/policy/schema/editor-schema.ts';

const SHIPPED = readdirSync('rules')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(`rules/${name}`, 'utf8'));

/** What people leave behind while they write, and what they never would. */
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ':',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '\t',
  '#',
  ' #',
  '&a ',
  '*a',
  '|',
  '>',
  '${',
  '\u0000',
  '\ud800',
  'é😀',
  '<<: ',
  '__proto__: ',
];

interface Broken {
  readonly text: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** A shipped policy in which a stretch has been replaced by something, with the cursor behind it or anywhere. */
const broken: fc.Arbitrary<Broken> = fc
  .record({
    text: fc.constantFrom(...SHIPPED),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    pieces: fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }),
    astray: fc.option(fc.record({ line: fc.nat(300), character: fc.nat(200) })),
  })
  .map(({ text, from, length, pieces, astray }) => {
    const at = Math.floor(from * text.length);
    const before = text.slice(0, at) + pieces.join('');
    const lines = before.split('\n');
    const behind = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    return { text: before + text.slice(at + length), position: astray ?? behind };
  });

suite('texts that are being written', () => {
  test('whatever a text has become, it is answered', () => {
    fc.assert(
      fc.property(broken, ({ text, position }) => {
        const edited = { text, schema: editorSchema(), names: NO_NAMES };
        hoverAt(edited, position);
        for (const { textEdit } of completionAt(edited, position)) {
          assert.ok(textEdit !== undefined && 'range' in textEdit);
          assert.ok(textEdit.range.start.character >= 0 && textEdit.range.start.line === position.line);
        }
      }),
      { numRuns: 150 },
    );
  });
});
