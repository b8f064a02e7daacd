import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mistakes, siteOf } from './first-mistakes.ts';
import { linted } from './linted.ts';

describe('the mistakes of a first-time author', () => {
  for (const [kind, variants] of Object.entries(mistakes))
    for (const mistake of variants)
      it(`${kind}: ${mistake.inList ? (mistake.lists?.at(-1) ?? '') : `${mistake.when} ${mistake.does ?? ''}`}`, () => {
        const { text, line } = siteOf(mistake);
        const found = linted(text);
        const shown = found.map(({ code, at, message, help }) => `${at.line}:${at.column} ${code} ${message}. ${help}`).join('\n');
        const told = found.find(({ code, at }) => code === mistake.code && at.line === line);
        assert.ok(told, `no ${mistake.code} on line ${line}:\n${shown}\n${text}`);
        const words = `${told.message}. ${told.help}`;
        assert.ok(
          mistake.says.split('|').some((part) => words.includes(part)),
          words,
        );
      });
});
