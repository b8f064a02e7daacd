import { existsSync } from 'node:fs';
import module from 'node:module';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** As the system knows it, whatever HOME says: sudo may leave that of another user, who could then choose what runs. */
const home = (): string | null => {
  try {
    const { homedir } = userInfo();
    return homedir !== '/' && existsSync(homedir) ? homedir : null;
  } catch {
    return null;
  }
};

/**
 * Lets Node keep what it compiles for the next command, from Node 22.1 on; nothing happens before that or where there is
 * no home to keep it in. NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 keeps nothing.
 */
export const keepCompiledCode = (): void => {
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  const folder = process.env.NODE_COMPILE_CACHE ? null : home();
  if (typeof enable === 'function' && folder !== null) Reflect.apply(enable, module, [join(folder, '.cache', 'relayctl')]);
};
