import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDocument } from '../../../src/policy/read/document.ts';
import type { Located, Path } from '../../../src/policy/syntax.ts';

const SOURCE = `plain: value
anchored: &name "quoted"
literal: |
  first \${a}
    deeper \${b}
folded: >-
  one
  two \${c}

  three \${d}
double: "tab\\t \\u00e4 \\U0001F600 \${e} \\
  next \${f}"
single: 'it''s \${g}'
spread: begins
  and ends \${h}
flow: { inner: [1, two, { deep: '\${i}' }], empty: }
alias: *name
windows: \${j}\r
`;

const read = (): Located => {
  const { document, diagnostics } = readDocument('rules/places.yaml', SOURCE);
  assert.deepEqual(diagnostics, []);
  assert.ok(document);
  return document;
};

/** The characters of the source that a span covers. */
const covered = ({ line, column, endLine, endColumn }: ReturnType<Located['spanOf']>): string => {
  const lines = SOURCE.split('\n').slice(line - 1, endLine);
  const last = lines.length - 1;
  const cut = lines.map((text, index) => text.slice(index === 0 ? column - 1 : 0, index === last ? endColumn - 1 : undefined));
  return cut.join('\n');
};

describe('places', () => {
  const document = read();

  it('are those of the value itself, behind anchors and inside quotes', () => {
    assert.equal(covered(document.spanOf(['plain'], 'value')), 'value');
    assert.equal(covered(document.spanOf(['plain'], 'key')), 'plain');
    assert.equal(covered(document.spanOf(['anchored'], 'value')), '"quoted"');
    assert.equal(covered(document.spanOf(['flow', 'inner', 1], 'value')), 'two');
    assert.equal(covered(document.spanOf(['flow', 'inner', 2, 'deep'], 'value')), "'${i}'");
    assert.equal(covered(document.spanOf(['windows'], 'value')), '${j}');
  });

  it('of an alias are those of the alias itself, and of an empty value those of its key', () => {
    assert.equal(covered(document.spanOf(['alias'], 'key')), 'alias');
    assert.equal(covered(document.spanOf(['flow', 'empty'], 'value')), 'empty');
  });

  it('of a missing value are those of the nearest parent', () => {
    assert.deepEqual(document.spanOf(['plain', 'x', 3], 'value'), document.spanOf(['plain'], 'value'));
  });

  it('lead to a part of a text, however it is written', () => {
    const texts: readonly (readonly [string, Path])[] = [
      ['a', ['literal']],
      ['b', ['literal']],
      ['c', ['folded']],
      ['d', ['folded']],
      ['e', ['double']],
      ['f', ['double']],
      ['g', ['single']],
      ['h', ['spread']],
      ['i', ['flow', 'inner', 2, 'deep']],
      ['j', ['windows']],
    ];
    for (const [name, path] of texts) {
      const part = document.below(path);
      const wanted = `\${${name}}`;
      const start = String(part.value).indexOf(wanted);
      assert.ok(start >= 0, `${wanted} is in the value`);
      assert.equal(covered(part.within([], { start, end: start + wanted.length })), wanted);
    }
  });

  it('never leave the file', () => {
    const span = document.within(['plain'], { start: 400, end: 900 });
    assert.equal(span.line, 1);
    assert.ok(span.endColumn <= 'plain: value'.length + 1);
  });
});
