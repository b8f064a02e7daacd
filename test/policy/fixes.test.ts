import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import type { Diagnostic, Fix } from '../../src/policy/diagnostic.ts';
import { edited } from '../../src/policy/edited.ts';
import { mistakes, siteOf } from './lint/first-mistakes.ts';
import { linted } from './lint/linted.ts';
import { ACTIONS, CONDITIONS, LAYOUT, PARTS } from './read/mistakes.ts';
import { saidOf } from './read/said.ts';

/* Every fix of every mistake in the catalogues, made alone: what it mends is gone, nothing new is wrong, and it says what was meant. */

const made = (text: string, fix: Fix): string => {
  const result = edited(new Map(fix.edits.map(({ at }) => [at.file, text])), [fix]);
  assert.deepEqual(result.made, [fix], 'the fix can be made');
  return [...result.texts.values()][0] ?? text;
};

const shown = ({ code, message }: Diagnostic): string => `${code} ${message}`;

describe('a fix of a mistake writes what was meant, and each lints clean', () => {
  for (const [policy, wrong, right] of [...CONDITIONS, ...ACTIONS, ...PARTS, ...LAYOUT])
    it(wrong.trim(), () => {
      const text = `version: 1\n${policy}`;
      const found = saidOf(policy);
      const fixes = found.flatMap((one) => one.fixes);
      for (const fix of fixes) {
        const result = made(text, fix);
        assert.deepEqual(saidOf(result.replace(/^version: 1\n/, '')).map(shown), [], `${fix.title}\n${result}`);
      }
      const meant = JSON.stringify(parse(text.replace(wrong, () => right)));
      const results = fixes.map((fix) => JSON.stringify(parse(made(text, fix))));
      assert.ok(results.length === 0 || results.includes(meant), `${meant} is none of ${results.join('\n')}`);
    });
});

describe('a fix of what reads well and does nothing removes the finding and causes none', () => {
  for (const [kind, variants] of Object.entries(mistakes))
    for (const mistake of variants)
      it(`${kind}: ${mistake.inList ? (mistake.lists?.at(-1) ?? '') : mistake.when}`, () => {
        const { text } = siteOf(mistake);
        const before = linted(text);
        for (const fix of before.flatMap(({ fixes }) => fixes)) {
          const after = linted(made(text, fix));
          const known = before.map(shown);
          assert.ok(after.length < before.length, `${fix.title}: ${after.map(shown).join('\n')}\n${made(text, fix)}`);
          assert.deepEqual(
            after.map(shown).filter((one) => !known.includes(one)),
            [],
            fix.title,
          );
        }
      });
});

it('enough of the mistakes can be mended by a machine', () => {
  const all = [...CONDITIONS, ...ACTIONS, ...PARTS, ...LAYOUT];
  const mended = all.filter(([policy]) => saidOf(policy).some(({ fixes }) => fixes.length > 0));
  assert.ok(
    mended.length >= 75,
    `${mended.length} of ${all.length}; not: ${all
      .filter((one) => !mended.includes(one))
      .map(([, wrong]) => wrong)
      .join('\n')}`,
  );
  const later = Object.values(mistakes).flat();
  const told = later.filter((mistake) => linted(siteOf(mistake).text).some(({ fixes }) => fixes.length > 0));
  assert.ok(told.length >= 45, `${told.length} of ${later.length}`);
});
