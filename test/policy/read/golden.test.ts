import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../../src/policy/read/site-files.ts';
import { PROJECT } from '../../kit/project.ts';

/*
 * One case a file: a policy, a divider, and what is said about it. `RELAYCTL_GOLDEN=write` writes the
 * second part anew; whoever does so reads the difference before committing it.
 */

const FOLDER = join(PROJECT, 'test/policy/read/golden');
const DIVIDER = '\n=====\n';

const files: SiteFiles = {
  read: (path) => {
    throw new SiteFileError(`there is no such file (${path})`);
  },
  readBytes: () => new Uint8Array(),
};

const line = ({ code, at, message, help, related }: Diagnostic): string =>
  [
    `${code} ${at.line}:${at.column}-${at.endLine}:${at.endColumn} ${message}`,
    `  ${help}`,
    ...related.map((other) => `  ${other.at.line}:${other.at.column} ${other.message}`),
  ].join('\n');

describe('policy diagnostics', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    it(name, () => {
      const golden = join(FOLDER, name);
      const [input = '', expected] = readFileSync(golden, 'utf8').split(DIVIDER);
      const { file, diagnostics } = readPolicy('rules/case.yaml', input, files);
      const said = diagnostics.length === 0 ? 'nothing\n' : `${diagnostics.map(line).join('\n')}\n`;
      if (process.env.RELAYCTL_GOLDEN === 'write') writeFileSync(golden, `${input}${DIVIDER}${said}`);
      else assert.equal(said, expected);
      assert.ok(diagnostics.length > 0 || file?.leftOut.length === 0);
    });
  }
});
