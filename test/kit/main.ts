import { extname, resolve } from 'node:path';

const { RELAYCTL_MAIN } = process.env;

/** Arguments of node that run a module as a process of its own: as it was compiled, if this file was, or else from source. `name` has no extension. */
export const scriptFrom = (folder: string, name: string): readonly string[] => {
  const extension = extname(import.meta.filename);
  const file = resolve(folder, `${name}${extension}`);
  return extension === '.ts' ? ['--import', import.meta.resolve('tsx'), file] : ['--enable-source-maps', file];
};

/** Arguments of node that run relayctl as a process of its own: the build that `npm run test:run` has just made, or else what the tests import. */
export const MAIN: readonly string[] = RELAYCTL_MAIN ? [resolve(RELAYCTL_MAIN)] : scriptFrom(import.meta.dirname, '../../src/cli/main');
