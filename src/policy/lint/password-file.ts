import type { Diagnostic } from '../diagnostic.ts';
import { isObject } from '../json.ts';
import { SiteFileError, type SiteFiles } from '../read/site-files.ts';
import type { RouteSyntax } from '../syntax.ts';
import type { LintCheck } from './check.ts';
import { diagnose } from './codes.ts';

export const passwordFile: LintCheck = {
  name: 'password-file',
  codes: ['RLY2020'],
  doc: 'The password a route needs can be read.',
  avoid: `
routes:
  - { id: smarthost, to: "smtp://mail.example.net:587", auth: { user: relay, password_file: config/missing } }
`,
  prefer: `
routes:
  - { id: smarthost, to: "smtp://mail.example.net:587" }
`,
  check: ({ files, reader }) => files.flatMap((file) => file.routes).flatMap((route) => checkRoute(route, reader)),
};

const checkRoute = ({ options }: RouteSyntax, reader: SiteFiles): readonly Diagnostic[] => {
  const auth = isObject(options.value) ? options.value.auth : undefined;
  const file = isObject(auth) ? auth.password_file : undefined;
  if (typeof file !== 'string') return [];
  const reason = whyUnreadable(file, reader);
  if (reason === null) return [];
  const help = 'Put the password into a file of the site that only the relay may read.';
  return [diagnose('RLY2020', options.spanOf(['auth', 'password_file'], 'value'), { message: `${file} cannot be read: ${reason}`, help })];
};

/** `null` if the file can be read. */
export const whyUnreadable = (file: string, reader: SiteFiles): string | null => {
  try {
    reader.readBytes(file);
    return null;
  } catch (error) {
    if (error instanceof SiteFileError) return error.message;
    throw error;
  }
};
