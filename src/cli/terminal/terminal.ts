/** Where a command writes, and how it ended. Standard output carries results alone. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard output is a terminal that shows colours. */
  readonly color: boolean;
  /** 0 done, 1 not so, 2 not understood or not readable. */
  exitCode: number;
}

/** https://no-color.org, and no colour into files and pipes. */
export const processTerminal = (): Terminal => ({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  exitCode: 0,
});
