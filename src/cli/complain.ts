import type { Loaded } from '../site/loading/load.ts';
import { prettyDiagnostics } from './diagnostics/pretty.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Says on stderr why a site does not load; the exit code of commands that need one that does. */
export const complain = ({ diagnostics, sources }: Loaded, terminal: Terminal): 2 => {
  terminal.err(prettyDiagnostics(diagnostics, { sources, color: terminal.color }));
  return 2;
};
