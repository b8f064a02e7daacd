import { readFileSync } from 'node:fs';
import { parseUsers, type Users } from '../../smtp/users.ts';
import type { AuthConfig } from '../config/config.ts';

const NOBODY: Users = new Map();

/** Who may log in, as the users file stands now. A file that is not there yet holds nobody; one with faults throws, naming the first line. */
export const readUsers = (auth: AuthConfig | null): Users => {
  const text = auth === null ? null : readIfThere(auth.users);
  if (auth === null || text === null) return NOBODY;
  const { users, faults } = parseUsers(text);
  const [fault] = faults;
  if (fault) throw new Error(`${auth.users}:${fault.line}: ${fault.message}`);
  return users;
};

const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};
