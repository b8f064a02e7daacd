import type { Random } from './random.ts';

/** What is fuzzed. A case that throws is a finding. */
export interface Target {
  readonly name: string;
  /** A case that is more work than this is a finding too: milliseconds of this process. */
  readonly patience: number;
  readonly open: () => Promise<OpenTarget>;
}

export interface OpenTarget {
  readonly run: (random: Random) => Promise<void>;
  /** Bytes of memory of what is fuzzed. */
  readonly memory: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export const ownMemory = async (): Promise<number> => process.memoryUsage().rss;
export const nothingToClose = async (): Promise<void> => undefined;
