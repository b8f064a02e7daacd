import { resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../../src/cli/main.ts');
const { RELAYCTL_MAIN } = process.env;

/** Arguments of node that run relayctl as a process of its own: the build that `npm run test:run` has just made, which starts faster, or else the source. */
export const MAIN: readonly string[] = RELAYCTL_MAIN ? [resolve(RELAYCTL_MAIN)] : ['--import', import.meta.resolve('tsx'), SOURCE];
