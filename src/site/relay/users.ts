import { parseUsers, type Users } from '../../smtp/auth/users.ts';
import type { AuthConfig } from '../config/config.ts';

const NOBODY: Users = new Map();

/** Who may log in, by the text of the users file. No file holds nobody; one with faults throws, naming the first line. */
export const readUsers = (auth: AuthConfig | null, text: string | null): Users => {
  if (auth === null || text === null) return NOBODY;
  const { users, faults } = parseUsers(text);
  const [fault] = faults;
  if (fault) throw new Error(`${auth.users}:${fault.line}: ${fault.message}`);
  return users;
};
