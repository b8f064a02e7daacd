import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import type { Diagnostic, Fix, Span } from '../../../src/policy/diagnostic.ts';
import { edited } from '../../../src/policy/edited.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readDocument } from '../../../src/policy/read/document.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import type { SiteFiles } from '../../../src/policy/read/site-files.ts';
import { runs } from '../../kit/thorough.ts';

const files: SiteFiles = { read: () => 'example.com\n', readBytes: () => new Uint8Array() };

const WHOLE = `version: 1
description: &text "who may \\u0041"
lists:
  ours: { type: domain, values: [example.com, .example.net] }
  more: { type: address, file: config/lists/more.txt }
grants:
  - id: inbound
    when: { recipient.domain: { in: ours }, client.ip: ["2001:db8::/32", 10.0.0.0/8] }
rules:
  - id: first
    on: rcpt
    when: { any: [{ sender.null: true }, { not: { sender.address: { glob: "*@x" } } }] }
    unless: [{ tls.active: true }]
    then:
      - log: |
          from \${client.ip}
            to
      - reject: "550 5.7.1 no"
routes:
  - { id: all, to: mx }
tests:
  - { name: *text, given: { client.ip: 10.0.0.1 }, expect: { at: rcpt, verdict: reject } }
`;

const assertInside = ({ line, column, endLine, endColumn }: Span, text: string): void => {
  const lines = text.split('\n');
  const within = (at: number, place: number): boolean => place >= 1 && place <= (lines[at - 1] ?? '').length + 1;
  assert.ok(line >= 1 && endLine <= lines.length && line <= endLine, `lines ${line} to ${endLine} of ${lines.length}`);
  assert.ok(within(line, column) && within(endLine, endColumn), `columns ${column} and ${endColumn}`);
  assert.ok(line < endLine || column <= endColumn, 'the end is not before the start');
};

const examine = (text: string): void => {
  const { file, diagnostics } = readPolicy('rules/case.yaml', text, files);
  assert.ok(file !== null || diagnostics.length > 0);
  assert.ok(file === null || file.leftOut.length === 0 || diagnostics.length > 0);
  const linted = file === null ? [] : lintSite([file], { files, now: 0 });
  const own = ({ at }: Diagnostic): boolean => at.file === 'rules/case.yaml';
  for (const diagnostic of [...diagnostics, ...linted].filter(own))
    for (const { at } of [diagnostic, ...diagnostic.related]) assertInside(at, text);
  for (const fix of [...diagnostics, ...linted].filter(own).flatMap(({ fixes }) => fixes)) examineFix(fix, text);
};

/** It can be made, and the result can be looked at. */
const examineFix = (fix: Fix, text: string): void => {
  for (const { at } of fix.edits) assertInside(at, text);
  const { made, texts } = edited(new Map([['rules/case.yaml', text]]), [fix]);
  assert.deepEqual(made, [fix], fix.title);
  for (const result of texts.values()) readPolicy('rules/case.yaml', result, files);
};

/** A place in the text, what to cut there and what to put there instead. */
const wounds = fc.array(
  fc.record({
    at: fc.nat(WHOLE.length),
    cut: fc.nat(6),
    put: fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('\n', '  ', ': ', '- ', '*', '&a ', '!x ', '"', "'", '|\n', '{', '[', '\t', '#', '\r', '@'),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

const wounded = (cuts: readonly { at: number; cut: number; put: string }[]): string =>
  cuts.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), WHOLE);

/** yaml cannot write an empty sequence in block style, nor fold every text: such layouts say something else. */
const isFaithful = (source: string, value: unknown): boolean => {
  const document = parseDocument(source);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), { ...Object(value) });
};

describe('reading', () => {
  it('accepts the unmutated policy', () => {
    assert.deepEqual(readPolicy('rules/case.yaml', WHOLE, files).diagnostics, []);
  });

  it('never throws on any text, and points into it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), examine), { numRuns: runs(300) });
  });

  it('never throws on a mutated policy, and points into it', () => {
    fc.assert(
      fc.property(wounds, (cuts) => examine(wounded(cuts))),
      { numRuns: runs(400) },
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { document, diagnostics } = readDocument('rules/case.yaml', bytes);
        assert.equal(document === null, diagnostics.length > 0);
      }),
      { numRuns: runs(300) },
    );
  });

  it('gives one value however it is laid out', () => {
    const layout = fc.record({
      indent: fc.integer({ min: 1, max: 8 }),
      lineWidth: fc.integer({ min: 20, max: 200 }),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      indentSeq: fc.boolean(),
    } as const);
    const text = fc.stringMatching(/^[ -~\u00c0-\u00ff\n]{0,60}$/);
    const value = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text)), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(value, layout, (written, options) => {
        const source = stringify(written, { ...options, defaultKeyType: 'PLAIN' });
        fc.pre(isFaithful(source, written));
        const { document, diagnostics } = readDocument('rules/case.yaml', source);
        assert.deepEqual(diagnostics, []);
        assert.deepEqual(document?.value, { ...written });
      }),
      { numRuns: runs(300) },
    );
  });

  it('gives one policy however it is laid out', () => {
    const { document } = readDocument('rules/case.yaml', WHOLE);
    const meaning = (text: string): string => {
      const { file, diagnostics } = readPolicy('rules/case.yaml', text, files);
      assert.deepEqual(diagnostics, []);
      return JSON.stringify(file, (key, part) => (/^at$|At$/.test(key) ? undefined : part));
    };
    const plain = stringify(document?.value, { aliasDuplicateObjects: false });
    for (const collectionStyle of ['any', 'block', 'flow'] as const)
      for (const lineWidth of [0, 200])
        assert.equal(meaning(stringify(document?.value, { collectionStyle, lineWidth, aliasDuplicateObjects: false })), meaning(plain));
  });
});
