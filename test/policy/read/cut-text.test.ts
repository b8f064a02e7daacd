import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDocument } from '../../../src/policy/read/document.ts';

const warnings = (text: string): readonly string[] =>
  readDocument('rules/a.yaml', `version: 1\n${text}\n`)
    .diagnostics.filter(({ code }) => code === 'RLY1019')
    .map(({ at, help }) => `${at.line} ${help}`);

const CUT: readonly (readonly [text: string, meant: string])[] = [
  ['reject: 550 5.7.1 see ticket #12 now', '550 5.7.1 see ticket #12 now'],
  ['reject: 550 5.7.1 see # twelve', '550 5.7.1 see # twelve'],
  ['then:\n  reject: 550 5.7.1 see\n    ticket #12', '550 5.7.1 see ticket #12'],
  ['then:\n  - log: see #12', 'see #12'],
  ['add_header:\n  name: X-Channel\n  value: channel #general', 'channel #general'],
  ['send:\n  subject: ticket\t#12', 'ticket #12'],
  ['description: rules for #1', 'rules for #1'],
  ['tests:\n  - name: the case of #12', 'the case of #12'],
  ['given:\n  header.subject: hello there #12', 'hello there #12'],
  ['values:\n  - issue #12', 'issue #12'],
  ['then: { reject: 550 5.7.1 no, see ticket }', '550 5.7.1 no, see ticket'],
  ['then: [ { log: hello, world } ]', 'hello, world'],
  ['then: [ log: hello, world ]', 'hello, world'],
  ['then: { set: { subject: hello, world }, log: x }', 'hello, world'],
];

const WHOLE: readonly string[] = [
  'reject: "550 5.7.1 see ticket #12 now"',
  "reject: '550 see #12'   # why",
  'reject: 550 5.7.1 no   # for strangers',
  'reject: 550 5.7.1 no#12',
  'log: hello # world',
  'policies:\n  - rules/10-relay.yaml             # who may send',
  'policies:\n  - rules/10-relay.yaml #who',
  'limit: 3 # a day',
  'score: 3 #three',
  'values: [a, b, c d, e] # some',
  'values: [hello, world]',
  'when: { helo.name: a, sender.domain: b }',
  'then: [accept, { log: x }]',
  'then: [ { log: x }, accept ]',
  'log: |\n  see #12\n  now # then',
  'log: >-\n  see #12',
  'log: a\n# log: see #12',
];

describe('text cut by a comment or a comma', () => {
  for (const [text, meant] of CUT)
    it(text, () => {
      const found = warnings(text);
      assert.equal(found.length, 1, found.join('\n'));
      assert.ok(found[0]?.includes(JSON.stringify(meant)), found[0]);
    });
});

describe('text that is not cut', () => {
  for (const text of WHOLE) it(text, () => assert.deepEqual(warnings(text), []));

  it('a closing bracket swallowed by a comment is reported at the comment', () => {
    const [first] = readDocument('rules/a.yaml', 'version: 1\nthen: { reject: 550 see #12 }\nid: a\n').diagnostics;
    assert.equal(first?.at.line, 2);
    assert.match(first?.message ?? '', /begins a comment/);
  });
});
