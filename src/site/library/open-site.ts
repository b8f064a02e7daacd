import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../policy/decide/evaluate.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { type Hook, isHook } from '../../policy/hook.ts';
import type { FactValue } from '../../policy/value.ts';
import { loadSite, type Site } from '../loading/load.ts';
import { diagnosticsReason } from '../snapshots/rejection.ts';

/** A site that may not run; `diagnostics` say why. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnosticsReason(diagnostics));
    this.diagnostics = diagnostics;
  }
}

/** The policy of a site, to be embedded in another server. */
export interface OpenSite {
  /** Short, and different whenever anything that decides is different. */
  readonly version: string;
  /** Warnings and notes about the site. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * What one hook decides about the facts given, by full name: texts, numbers, truth values, arrays of them
   * (`header.subject`), `null` for absent, `new Unknown(reason)`. Synchronous and pure: it looks nothing up and
   * counts nothing, so what is not given and would be looked up is unknown. The function that `serve` calls.
   */
  decide(hook: Hook, given: Readonly<Record<string, FactValue>>): Decision;
  /** Frees what the site holds; `decide` throws from then on. */
  close(): void;
}

const opened = (site: Site, diagnostics: readonly Diagnostic[]): OpenSite => {
  let policy: Site['policy'] | null = site.policy;
  return {
    version: site.policy.version,
    diagnostics,
    decide: (hook, given) => {
      if (!policy) throw new Error('the site is closed');
      if (!isHook(hook)) throw new TypeError(`there is no hook ${String(hook)}`);
      return decide(policy, hook, given);
    },
    close: () => {
      policy = null;
    },
  };
};

/** Opens the site in a folder, or the one a configuration file belongs to. Rejects with `SiteError`. */
export const openSite = async (path: string): Promise<OpenSite> => {
  const inside = join(path, 'config', 'relay.yaml');
  const { site, diagnostics } = loadSite(existsSync(inside) ? inside : path);
  if (!site) throw new SiteError(diagnostics);
  return opened(site, diagnostics);
};
