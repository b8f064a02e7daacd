import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { casesOf, isNote, placeOf, saidOfSite } from './case-site.ts';

describe('open relays, lost mail and rules without an effect', () => {
  for (const one of casesOf('catalogue'))
    it(one.name, () => {
      const found = saidOfSite(one).filter((diagnostic) => !isNote(diagnostic));
      const shown = found.map((diagnostic) => `${placeOf(diagnostic)}: ${diagnostic.message}. ${diagnostic.help}`).join('\n');
      assert.deepEqual([...new Set(found.map(placeOf))].sort(), one.said, shown);
      assert.ok(found.length > 0);
    });
});

describe('nothing is said of the sound site', () => {
  for (const one of casesOf('sound'))
    it(one.name, () => {
      assert.deepEqual(
        saidOfSite(one).map((diagnostic) => `${placeOf(diagnostic)}: ${diagnostic.message}. ${diagnostic.help}`),
        [],
      );
    });
});
