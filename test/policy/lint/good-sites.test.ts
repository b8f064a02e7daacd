import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goodSites } from './good-sites.ts';
import { linted } from './linted.ts';

describe('lint has nothing to say of a sound policy about', () => {
  for (const [name, text] of Object.entries(goodSites))
    it(name, () => {
      const found = linted(`version: 1\n${text}`);
      assert.deepEqual(
        found.map(({ code, at, message, help }) => `${at.line}:${at.column} ${code} ${message}. ${help}`),
        [],
      );
    });
});
