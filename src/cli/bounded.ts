import { spawn } from 'node:child_process';

/** What a command may take. A site that needs more could not be reloaded either. */
export interface CommandBounds {
  /** Milliseconds. */
  readonly time: number;
  /** Of the heap, in MiB. */
  readonly memory: number;
}

/** How a command in bounds ended. */
export interface BoundedEnd {
  readonly code: number;
  /** Why it was ended before it was done; `null`: it ended by itself. */
  readonly reason: string | null;
}

const BOUNDS: CommandBounds = { time: 120_000, memory: 2048 };

/** Commands that read, check or test a site and then exit. */
const BOUNDED = ['lint', 'test', 'prove', 'explain'];

/** Set in the process that does the work. */
const MARK = 'RELAYCTL_BOUNDED';

export const isBounded = ([name = '']: readonly string[]): boolean => BOUNDED.includes(name) && process.env[MARK] === undefined;

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** V8 aborts a process whose heap is full. */
const endOf = (code: number | null, signal: string | null, memory: number): number | string => {
  if (signal === 'SIGABRT' || code === 134) return `checking the site took more than ${memory} MiB of memory`;
  return signal === null ? (code ?? 2) : `the process that checked the site was ended by ${signal}`;
};

/**
 * Runs a command line of this program in a process of its own, which can be ended whatever it does, and resolves to its
 * exit code, or 2 and the reason why it had to be ended. `main` is the file that runs the program.
 */
export const runBounded = (main: string, words: readonly string[], { time, memory }: CommandBounds = BOUNDS): Promise<BoundedEnd> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, `--max-old-space-size=${memory}`, main, ...words], {
      stdio: 'inherit',
      env: { ...process.env, [MARK]: '1' },
    });
    const passOn = (signal: NodeJS.Signals): boolean => child.kill(signal);
    let reason: string | null = null;
    const timer = setTimeout(() => {
      reason = `checking the site took longer than ${time / 1000} s`;
      child.kill('SIGKILL');
    }, time);
    const ended = (end: number | string): void => {
      clearTimeout(timer);
      for (const signal of PASSED_ON) process.off(signal, passOn);
      resolve(typeof end === 'string' ? { code: 2, reason: end } : { code: end, reason: null });
    };
    for (const signal of PASSED_ON) process.on(signal, passOn);
    child.on('error', ({ message }) => ended(`cannot start a process: ${message}`));
    child.on('exit', (code, signal) => ended(reason ?? endOf(code, signal, memory)));
  });
