import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { distinct } from '../../../src/policy/lint/distinct.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../../src/policy/read/site-files.ts';

const missing = (): never => {
  throw new SiteFileError('there is no such file');
};

const NO_FILES: SiteFiles = { read: missing, readBytes: missing };

const ZEN = ['sbl', 'css', 'xbl', 'pbl'];

/** All that is said of a policy that is a whole site, as `relayctl lint` puts it together. It may use the DNS list `zen`. */
export const linted = (text: string): readonly Diagnostic[] => {
  const { file, diagnostics } = readPolicy('rules/10-first.yaml', text, NO_FILES);
  const complete = file !== null && !diagnostics.some(({ severity }) => severity === 'error');
  if (file === null || !complete) return diagnostics;
  const found = lintSite([file], {
    files: NO_FILES,
    now: Date.UTC(2026, 0, 1),
    lookUpKeys: new Map([
      ['dns', []],
      ['dnsbl', ['zen']],
    ]),
    dnsListCodes: new Map([['zen', ZEN]]),
  });
  return distinct([...diagnostics, ...found, ...compilePolicy([file], 'test').diagnostics]);
};
