import type { Terminal } from './terminal/terminal.ts';

/** Lets `write` put into the log what has been done; that it could not is said, and undoes nothing. */
export const logged = (terminal: Terminal, write: () => void): void => {
  try {
    write();
  } catch (error) {
    terminal.err(`relayctl: not logged: ${error instanceof Error ? error.message : String(error)}\n`);
  }
};
