import type { Unsaved } from '../policy/read/unsaved.ts';
import type { Analysis } from './analysis/analysis.ts';
import type { Analyst } from './analysis/analyst.ts';
import { NO_NAMES, type SiteNames } from './names/site-names.ts';

/** How long nothing has to be typed before a site is read again, and after how long it is read all the same. Milliseconds. */
const QUIET = 150;
const LONGEST = 1_000;

export interface SiteSessionOptions {
  readonly configPath: string;
  readonly analyst: Analyst;
  /** What the editor has open of this site, at this moment. */
  readonly unsaved: () => Unsaved;
  /** Called after every analysis of what is still being edited. */
  readonly analysed: (analysis: Analysis) => void;
  /** Something went wrong with us. */
  readonly failed: (reason: string) => void;
}

/** One site that is being edited: reads it again when it has changed, never twice at a time. */
export class SiteSession {
  readonly #options: SiteSessionOptions;
  /** Counts changes; the analysis is of the state that had this number. */
  #state = 1;
  #analysedState = 0;
  #analysis: Analysis | null = null;
  #timer: NodeJS.Timeout | null = null;
  #changedSince: number | null = null;
  #running = false;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(options: SiteSessionOptions) {
    this.#options = options;
    this.#plan();
  }

  get names(): SiteNames {
    return this.#analysis?.names ?? NO_NAMES;
  }

  get diagnostics(): Analysis['diagnostics'] {
    return this.#analysis?.diagnostics ?? [];
  }

  /** A file of the site has changed, in the editor or on the disk. */
  changed(): void {
    this.#state += 1;
    this.#plan();
  }

  /** Resolves to whether what is known is of the site as it is now, at the latest after so many milliseconds. */
  async fresh(timeout: number): Promise<boolean> {
    const state = this.#state;
    const deadline = performance.now() + timeout;
    while (this.#analysedState < state && !this.#closed && performance.now() < deadline) await this.#next(deadline - performance.now());
    return this.#analysedState === this.#state;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#wake();
  }

  #next(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #plan(): void {
    if (this.#closed || this.#running) return;
    const now = performance.now();
    this.#changedSince ??= now;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#analyse().catch((error: unknown) => this.#options.failed(String(error))),
      Math.max(0, Math.min(QUIET, this.#changedSince + LONGEST - now)),
    );
  }

  async #analyse(): Promise<void> {
    const { configPath, analyst, unsaved, analysed, failed } = this.#options;
    const state = this.#state;
    this.#running = true;
    this.#changedSince = null;
    const answer = await analyst.ask({ ask: 'analyse', configPath, unsaved: unsaved() });
    this.#running = false;
    if (this.#closed) return;
    this.#analysedState = state;
    if (answer.say === 'analysis') {
      this.#analysis = answer.analysis;
      analysed(answer.analysis);
    } else if (answer.say === 'fault') failed(answer.reason);
    this.#wake();
    if (this.#state !== state) this.#plan();
  }
}
