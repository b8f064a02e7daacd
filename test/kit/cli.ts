import { runCli } from '../../src/cli/run.ts';

/** How a command line ended, run in this process. */
export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs relayctl with these words and catches what it writes. */
export const command = async (...words: readonly string[]): Promise<CommandRun> => {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    color: false,
    exitCode: 0,
  };
  const code = await runCli(words, terminal);
  return { code, out, err };
};
