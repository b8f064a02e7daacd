import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { FILE_LIMITS, readGuarded } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { Located } from '../../policy/syntax.ts';
import { parseUsers } from '../../smtp/auth/users.ts';
import { at } from '../config/check.ts';
import type { RelayConfig } from '../config/config.ts';
import { exposedSecret } from './exposure.ts';
import { type Found, lineOf, shownPath, textOf, tried } from './found.ts';
import type { Secrets } from './secrets.ts';

const MAKE = 'Create it with relayctl user add NAME, or correct the path: auth: { users: config/users }.';

/** As many as help; a file in another format is wrong in every line. */
const SHOWN = 20;

const contentFaults = (name: string, text: string, document: Located): readonly Diagnostic[] => {
  const { users, faults } = parseUsers(text);
  if (faults.length > 0)
    return faults.slice(0, SHOWN).map(({ line, message }) =>
      diagnose('RLY5007', lineOf(name, line), {
        message: `${name}, line ${line}: ${message}`,
        help: 'A line is name:hash as relayctl user add writes it; a line that begins with # is a comment.',
      }),
    );
  if (users.size > 0) return [];
  const finding = { message: `There are no users in ${name}, so nobody can log in`, help: 'Add a user with relayctl user add NAME.' };
  return [at(document, ['auth', 'users'], 'RLY5012', finding)];
};

/** The users file: readable, for nobody else, and every line a user who can log in. */
export const readUsersFile = ({ root, auth }: RelayConfig, document: Located): Found<Secrets['users']> => {
  if (auth === null) return { value: null, diagnostics: [] };
  const name = shownPath(root, auth.users);
  const unreadable = ({ message }: SiteFileError): Found<null> => ({
    value: null,
    diagnostics: [at(document, ['auth', 'users'], 'RLY5007', { message: `Cannot read the users file ${name}: ${message}`, help: MAKE })],
  });
  const file = tried(() => readGuarded(auth.users, FILE_LIMITS.users));
  if (file instanceof SiteFileError) return unreadable(file);
  const text = textOf(file.bytes);
  if (text instanceof SiteFileError) return unreadable(text);
  const exposed = exposedSecret(name, file, document.spanOf(['auth', 'users'], 'value'));
  return { value: text, diagnostics: [...exposed, ...contentFaults(name, text, document)] };
};
