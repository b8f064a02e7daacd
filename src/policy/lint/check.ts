import type { Policy } from '../compile/policy.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Code } from '../diagnostic-codes.ts';
import type { LookUpKeys } from '../facts/configured.ts';
import type { SiteFiles } from '../read/site-files.ts';
import type { LeftOut, PolicyFile } from '../syntax.ts';

/** A listener as checks see it. */
export interface LintedListener {
  readonly name: string;
  /** An IP address or a name; `null` for a Unix socket. */
  readonly host: string | null;
  readonly port: number;
  /** Takes no mail without AUTH. */
  readonly authRequired: boolean;
}

/** What the configuration says of the relay around the policies. */
export interface Surroundings {
  readonly hostname: string;
  readonly listeners: readonly LintedListener[];
  /** Networks whose PROXY header is trusted. */
  readonly proxies: readonly string[];
  /** The codes that each DNS list seems to return when it refuses to answer; none if its errors are configured. */
  readonly errorCodes: ReadonlyMap<string, readonly string[]>;
}

/** A site as the checks see it. */
export interface LintedSite {
  /** In configured order. */
  readonly files: readonly PolicyFile[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Reads files the policies name. */
  readonly reader: SiteFiles;
  /** The configured look-ups; `null` if the configuration was not read. */
  readonly lookUpKeys: LookUpKeys | null;
  /** True if a part of this name may exist outside `files`, because it or its file has a fault. Without a name: some part may. */
  readonly mayMiss: (section: LeftOut['section'], name?: string) => boolean;
  /** The named codes of each configured DNS list; `null` if the configuration was not read. */
  readonly dnsListCodes: ReadonlyMap<string, readonly string[]> | null;
  /** `null` if the configuration was not read. */
  readonly surroundings: Surroundings | null;
  /** The policies compiled; `null` if they have an error. */
  readonly policy: Policy | null;
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
  /** Runs only if the whole site was understood; a check that asks `mayMiss` can report more. */
  readonly wholeSite?: true;
  readonly check: (site: LintedSite) => readonly Diagnostic[];
}
