/** Texts by the path of their file. */
export type Texts = Readonly<Record<string, string>>;

/** What the scaffold writes. */
export interface Scaffolded {
  readonly added: Texts;
  /** Files that are there already, with what joins them. */
  readonly extended?: Texts;
}

/** `not_in` and `client.country` become `not-in` and `client-country`. */
export const stemOf = (name: string): string => name.replace(/[_.]/g, '-');

export const constantOf = (name: string): string => stemOf(name).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The test of a definition: one policy, one session, what comes of it. Starts out failing, so that it is written. */
export const testText = (name: string, policy: string): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { compiled } from '../compiled.ts';

const policy = compiled(\`
version: 1
rules:
${policy}
\`);

test('${name}', () => {
  assert.equal(decide(policy, 'queue', {}).verdict, 'say what it should be');
});
`;
