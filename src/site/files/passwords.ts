import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { isObject } from '../../policy/json.ts';
import { type FilesOnDisk, SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile, RouteSyntax } from '../../policy/syntax.ts';
import { exposedSecret } from './exposure.ts';
import { type Found, textOf, tried } from './found.ts';
import type { Secrets } from './secrets.ts';

const HELP = 'Put only the password into a file of the site, on one line, with mode 0600.';

const fileOf = ({ options }: RouteSyntax): string | null => {
  const auth = isObject(options.value) ? options.value.auth : undefined;
  const file = isObject(auth) ? auth.password_file : undefined;
  return typeof file === 'string' ? file : null;
};

/** What is in the way of using the text as a password; `null` if nothing is. RFC 4616 2 has no room for NUL. */
const fault = (password: string): string | null => {
  if (password === '') return 'it is empty';
  if (/[\r\n]/.test(password)) return 'it has more than one line';
  return /\p{Cc}/u.test(password) ? 'it holds a control character' : null;
};

const readOne = (route: RouteSyntax, path: string, disk: FilesOnDisk): Found<string | null> => {
  const at = route.options.spanOf(['auth', 'password_file'], 'value');
  const wrong = (reason: string): Diagnostic =>
    diagnose('RLY2020', at, { message: `${path} cannot be used as a password: ${reason}`, help: HELP });
  const file = tried(() => disk.open(path, 'password'));
  if (file instanceof SiteFileError) return { value: null, diagnostics: [wrong(file.message)] };
  const text = textOf(file.bytes);
  if (text instanceof SiteFileError) return { value: null, diagnostics: [wrong(text.message)] };
  const password = text.trim();
  const reason = fault(password);
  return { value: password, diagnostics: [...exposedSecret(path, file, at), ...(reason === null ? [] : [wrong(reason)])] };
};

/** Passwords that routes need, each file once for every route that names it. */
export const readPasswords = (files: readonly PolicyFile[], disk: FilesOnDisk): Found<Secrets['passwords']> => {
  const value = new Map<string, string>();
  const diagnostics = files
    .flatMap(({ routes }) => routes)
    .flatMap((route) => {
      const path = fileOf(route);
      if (path === null) return [];
      const found = readOne(route, path, disk);
      if (found.value !== null) value.set(path, found.value);
      return found.diagnostics;
    });
  return { value, diagnostics };
};
