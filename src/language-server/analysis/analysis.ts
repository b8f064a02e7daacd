import type { Diagnostic } from '../../policy/diagnostic.ts';
import type { Unsaved } from '../../policy/read/unsaved.ts';
import type { TestResult } from '../../site/testing/result.ts';
import type { SiteNames } from '../names/site-names.ts';

/** A site as it is on the disk and in the editor. */
export interface Analysis {
  /** Spans name files relative to the site. */
  readonly diagnostics: readonly Diagnostic[];
  readonly names: SiteNames;
}

/** What the process that reads sites is asked. */
export type Order =
  | { readonly ask: 'analyse'; readonly configPath: string; readonly unsaved: Unsaved }
  | { readonly ask: 'test'; readonly configPath: string; readonly unsaved: Unsaved; readonly file: string; readonly name: string | null };

export type AnalyseOrder = Extract<Order, { ask: 'analyse' }>;
export type TestOrder = Extract<Order, { ask: 'test' }>;

/** What it answers. `results` is `null` where the site has errors, `fault` where something went wrong with us. */
export type Answer =
  | { readonly say: 'analysis'; readonly analysis: Analysis }
  | { readonly say: 'results'; readonly results: readonly TestResult[] | null }
  | { readonly say: 'fault'; readonly reason: string };
