import { readFile, rename, writeFile } from 'node:fs/promises';
import { hashPassword } from '../smtp/auth/users.ts';

const linesOf = async (path: string): Promise<readonly string[]> => {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

/** What would break the line or the log. */
const UNFIT = /[:\p{Cc}\s]|^#|^$/u;

/**
 * Writes a user into the users file, which is made (0600) if it is not there and replaced in one step.
 * Resolves to true if the name was there already. Rejects on a name that cannot stand in the file.
 */
export const addUser = async (path: string, name: string, password: string): Promise<boolean> => {
  if (UNFIT.test(name)) throw new Error('a name has no colon, no white space and no # in front');
  const entry = `${name}:${await hashPassword(password)}`;
  const lines = await linesOf(path);
  const at = lines.findIndex((line) => line.startsWith(`${name}:`));
  const next = at < 0 ? [...lines, entry] : lines.with(at, entry);
  const draft = `${path}.new`;
  await writeFile(draft, `${next.join('\n')}\n`, { mode: 0o600 });
  await rename(draft, path);
  return at >= 0;
};
