import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Terminal } from './terminal/terminal.ts';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Of the package, from its manifest, two folders up from here in `src` as in `dist`. */
export const VERSION =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string'
    ? manifest.version
    : 'unknown';

export const versionCommand = (terminal: Terminal): Command =>
  new Command('version').description('Print the version, as --version does.').action(() => terminal.out(`${VERSION}\n`));
