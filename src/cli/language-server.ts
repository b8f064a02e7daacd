import { Command } from 'commander';

/** The process lives until the editor ends it: `serveEditor` sees to that. */
export const languageServerCommand = (): Command =>
  new Command('language-server')
    .description('Serve an editor over standard input and output (LSP).')
    .option('--stdio', 'speak over standard input and output, the only way there is')
    .action(async () => {
      const { serveEditor } = await import('../language-server/server.ts');
      serveEditor();
      await new Promise(() => undefined);
    });
