import { rename, rm, writeFile } from 'node:fs/promises';
import { FILE_LIMITS, readGuarded } from '../../policy/read/guarded-file.ts';
import { decodeFile, SiteFileError } from '../../policy/read/site-files.ts';
import { hashPassword } from '../../smtp/auth/users.ts';

const linesOf = (path: string): readonly string[] => {
  try {
    const text = decodeFile(readGuarded(path, FILE_LIMITS.users).bytes);
    return text.split(/\r?\n/).filter((line) => line !== '');
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    if (error.trouble === 'missing') return [];
    throw new Error(`cannot read the users file ${path}: ${error.message}`, { cause: error });
  }
};

/** What would break the line or the log. */
const UNFIT = /[:\p{Cc}\s]|^#|^$/u;

/**
 * Writes a user into the users file, which is made (0600) if it is not there and replaced in one step.
 * Resolves to true if the name was there already. Rejects on a name that cannot stand in the file.
 */
export const addUser = async (path: string, name: string, password: string): Promise<boolean> => {
  if (UNFIT.test(name)) throw new Error('a name must not contain a colon or white space, or begin with #');
  const entry = `${name}:${await hashPassword(password)}`;
  const lines = linesOf(path);
  const at = lines.findIndex((line) => line.startsWith(`${name}:`));
  const next = at < 0 ? [...lines, entry] : lines.with(at, entry);
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${next.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return at >= 0;
};
