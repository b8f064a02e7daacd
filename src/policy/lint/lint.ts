import type { Policy } from '../compile/policy.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { LookUpKeys } from '../facts/configured.ts';
import type { SiteFiles } from '../read/site-files.ts';
import type { PolicyFile } from '../syntax.ts';
import type { LintedSite, Surroundings } from './check.ts';
import { checks } from './checks/index.ts';
import { missingParts } from './missing.ts';

export interface LintOptions {
  readonly files: SiteFiles;
  /** Epoch milliseconds, for shadow rules that expire. */
  readonly now: number;
  /** `false` when a policy of the site is not among the files: then checks that it could disprove are left out. */
  readonly complete?: boolean;
  /** What the configuration says of look-ups. */
  readonly lookUpKeys?: LookUpKeys;
  /** Names of the codes of each DNS list that is configured. */
  readonly dnsListCodes?: ReadonlyMap<string, readonly string[]>;
  /** What the configuration says of the relay around the policies. */
  readonly surroundings?: Surroundings;
  /** The policies compiled. Without it, nothing is said that takes a session to find out. */
  readonly policy?: Policy | null;
}

/**
 * Everything that can be known of policies without running them. `files` in configured order; what could
 * not be read is not among them. Sorted by file, line and column.
 */
export const lintSite = (files: readonly PolicyFile[], options: LintOptions): readonly Diagnostic[] => {
  const { files: reader, now, lookUpKeys = null, dnsListCodes = null, complete = true, surroundings = null, policy = null } = options;
  const site: LintedSite = {
    files,
    now,
    reader,
    lookUpKeys,
    dnsListCodes,
    surroundings,
    policy,
    mayMiss: missingParts(files, complete),
  };
  const whole = complete && files.every(({ leftOut }) => leftOut.length === 0);
  const sure = [...checks.values()].filter(({ wholeSite }) => whole || wholeSite !== true);
  return sure.flatMap((check) => check.check(site)).sort(byPlace);
};

const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column || a.code.localeCompare(b.code);
