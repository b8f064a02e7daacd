import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { githubDiagnostics } from '../../../src/cli/diagnostics/github.ts';
import { jsonDiagnostics } from '../../../src/cli/diagnostics/json.ts';
import { junitDiagnostics } from '../../../src/cli/diagnostics/junit.ts';
import { prettyDiagnostics } from '../../../src/cli/diagnostics/pretty.ts';
import { sarifDiagnostics } from '../../../src/cli/diagnostics/sarif.ts';
import { type Code, diagnose } from '../../../src/policy/diagnostic-codes.ts';

const at = { file: 'rules/10-a.yaml', line: 2, column: 7, endLine: 2, endColumn: 11 };
const first = { file: 'rules/00-b.yaml', line: 9, column: 3, endLine: 9, endColumn: 5 };
const finding = (code: Code, message: string) =>
  diagnose(code, at, { message, help: 'Write "rcpt".', related: [{ at: first, message: 'first' }] });
const wrongHook = finding('RLY1104', 'on cannot be "rctp"');
const unused = finding('RLY4003', 'No condition asks the list a');
const sources = new Map([['rules/10-a.yaml', 'rules:\n  on: rctp\n']]);

describe('pretty', () => {
  it('shows the line with a mark under the token, why, and the other place', () => {
    assert.equal(
      prettyDiagnostics([wrongHook], { sources, color: false }),
      [
        'rules/10-a.yaml:2:7 error RLY1104 wrong-word',
        '  on cannot be "rctp"',
        '  2 |   on: rctp',
        '    |       ^^^^',
        '  Write "rcpt".',
        '  rules/00-b.yaml:9:3 first',
        '',
        '1 error',
        '',
      ].join('\n'),
    );
  });

  it('prints a summary, and nothing without findings', () => {
    assert.match(prettyDiagnostics([wrongHook, wrongHook, unused], { sources, color: false }), /\n2 errors, 1 warning\n$/);
    assert.equal(prettyDiagnostics([], { sources, color: false }), '');
  });

  it('passes no escape sequence from a file or message to the terminal', () => {
    const evil = new Map([['rules/10-a.yaml', 'rules:\n  on: \u001b[2Jrctp\n']]);
    assert.ok(!prettyDiagnostics([wrongHook], { sources: evil, color: true }).includes('\u001b[2J'));
    assert.ok(!prettyDiagnostics([finding('RLY1104', 'a\u001b[2Jb')], { sources: evil, color: false }).includes('\u001b'));
  });

  it('truncates a long line around the token, and works without the source file', () => {
    const long = new Map([['rules/10-a.yaml', `rules:\n${' '.repeat(300)}rctp${' '.repeat(300)}\n`]]);
    const far = { ...wrongHook, at: { ...at, column: 301, endColumn: 305 } };
    const lines = prettyDiagnostics([far], { sources: long, color: false }).split('\n');
    assert.ok(lines.every((line) => line.length < 130));
    assert.equal(lines[2]?.indexOf('rctp'), lines[3]?.indexOf('^^^^'));
    assert.ok(prettyDiagnostics([wrongHook], { sources: new Map(), color: false }).includes('Write "rcpt".'));
  });

  it('marks the token behind wide and combining characters', () => {
    const marked = (before: string, token: string): string | undefined => {
      const start = before.length + 1;
      const here = { ...wrongHook, at: { ...at, line: 1, endLine: 1, column: start, endColumn: start + token.length } };
      const shown = new Map([['rules/10-a.yaml', `${before}${token}\n`]]);
      return prettyDiagnostics([here], { sources: shown, color: false }).split('\n')[3];
    };
    assert.equal(marked('日本: ', 'x'), `    | ${' '.repeat(6)}^`);
    assert.equal(marked('e\u0301: ', 'x'), `    | ${' '.repeat(3)}^`);
    assert.equal(marked('\u{1F600}: ', 'x'), `    | ${' '.repeat(4)}^`);
    assert.equal(marked('a: ', '日本'), '    |    ^^^^');
  });

  it('shows the first errors of very many findings and counts the rest', () => {
    const many = [...Array.from({ length: 60_000 }, () => unused), wrongHook];
    const said = prettyDiagnostics(many, { sources, color: false });
    assert.ok(said.length < 100_000);
    assert.match(said, /^rules\/10-a.yaml:2:7 error RLY1104/);
    assert.match(said, /\n59801 more are not shown; --format json has all of them\n1 error, 60000 warnings\n$/);
  });
});

describe('json', () => {
  it('has the shape that scripts depend on', () => {
    assert.deepEqual(JSON.parse(jsonDiagnostics([wrongHook], { files: 3, rules: 21 })), {
      diagnostics: [
        {
          code: 'RLY1104',
          severity: 'error',
          message: 'on cannot be "rctp"',
          help: 'Write "rcpt".',
          file: 'rules/10-a.yaml',
          line: 2,
          column: 7,
          endLine: 2,
          endColumn: 11,
          related: [{ file: 'rules/00-b.yaml', line: 9, column: 3, message: 'first' }],
          fixes: [],
        },
      ],
      summary: { errors: 1, warnings: 0, files: 3, rules: 21 },
    });
  });
});

describe('sarif', () => {
  it('is 2.1.0, with each rule once and each result pointing at its rule and place', () => {
    const { version, runs } = JSON.parse(sarifDiagnostics([unused, wrongHook, unused]));
    assert.equal(version, '2.1.0');
    const [run] = runs;
    assert.deepEqual(
      run.tool.driver.rules.map((rule: { id: string }) => rule.id),
      ['RLY1104', 'RLY4003'],
    );
    assert.deepEqual(
      run.results.map((result: { ruleIndex: number; level: string }) => [result.ruleIndex, result.level]),
      [
        [1, 'warning'],
        [0, 'error'],
        [1, 'warning'],
      ],
    );
    assert.deepEqual(run.results[1].locations[0].physicalLocation, {
      artifactLocation: { uri: 'rules/10-a.yaml' },
      region: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 11 },
    });
  });
});

describe('sarif metadata', () => {
  it('names the version, describes each rule and carries the fixes', () => {
    const fix = { title: 'Write rcpt', safe: true, edits: [{ at: wrongHook.at, text: 'rcpt' }] };
    const [run] = JSON.parse(sarifDiagnostics([{ ...wrongHook, fixes: [fix] }], '1.2.3')).runs;
    assert.equal(run.tool.driver.version, '1.2.3');
    const [rule] = run.tool.driver.rules;
    assert.deepEqual([rule.id, rule.defaultConfiguration.level], ['RLY1104', 'error']);
    assert.match(rule.help.text, /relayctl explain RLY1104/);
    assert.deepEqual(run.results[0].fixes, [
      {
        description: { text: 'Write rcpt' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'rules/10-a.yaml' },
            replacements: [
              { deletedRegion: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 11 }, insertedContent: { text: 'rcpt' } },
            ],
          },
        ],
      },
    ]);
  });
});

describe('github', () => {
  it('writes one workflow command per finding, with delimiters escaped', () => {
    const said = githubDiagnostics([finding('RLY1104', '100% wrong\n::error::x'), unused]);
    assert.equal(
      said.split('\n')[0],
      '::error file=rules/10-a.yaml,line=2,endLine=2,col=7,endColumn=11,title=RLY1104::100%25 wrong%0A::error::x%0AWrite "rcpt".',
    );
    assert.match(said.split('\n')[1] ?? '', /^::warning /);
  });
});

describe('junit', () => {
  it('writes one escaped test case per finding, or a passing one without findings', () => {
    const said = junitDiagnostics([wrongHook]);
    assert.match(said, /<testsuites tests="1" failures="1" errors="0" skipped="0" time="0.000">/);
    assert.match(said, /message="on cannot be &quot;rctp&quot;"/);
    assert.match(junitDiagnostics([]), /<testsuite name="relayctl lint" tests="1" failures="0" errors="0" skipped="0" time="0.000">/);
  });
});
