import type { Diagnostic } from '../diagnostic.ts';
import type { Code } from '../diagnostic-codes.ts';
import type { LookUpKeys } from '../facts/configured.ts';
import type { SiteFiles } from '../read/site-files.ts';
import type { LeftOut, PolicyFile } from '../syntax.ts';

/** A site as the checks see it. */
export interface LintedSite {
  /** In configured order. */
  readonly files: readonly PolicyFile[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Reads files the policies name. */
  readonly reader: SiteFiles;
  /** What the configuration says of look-ups; `null` if the configuration was not read. */
  readonly lookUpKeys: LookUpKeys | null;
  /** True if such a part may exist that is not among the files: it has a fault, or its file has. Without a name: any at all. */
  readonly mayMiss: (section: LeftOut['section'], name?: string) => boolean;
  /** Names of the codes of each DNS list the configuration knows; `null` if the configuration was not read. */
  readonly dnsListCodes: ReadonlyMap<string, readonly string[]> | null;
}

/**
 * One check, one file. It speaks only when it is sure: a false alarm costs more than a missed one.
 * `avoid` is a policy in which it finds something, `prefer` one in which it does not; both run as tests.
 */
export interface LintCheck {
  readonly name: string;
  readonly codes: readonly Code[];
  /** One line, a sentence. */
  readonly doc: string;
  readonly avoid: string;
  readonly prefer: string;
  /** It can only be sure when all of the site was understood; one that asks `mayMiss` can say more. */
  readonly wholeSite?: true;
  readonly check: (site: LintedSite) => readonly Diagnostic[];
}
