import type { Diagnostic, Span } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import type { GuardedFile } from '../../policy/read/guarded-file.ts';

const GROUP_READS = 0o040;
const GROUP_AND_OTHERS = 0o077;
const OTHERS_WRITE = 0o002;

type Access = Pick<GuardedFile, 'mode' | 'uid' | 'gid'>;

/** Permission bits mean nothing on Windows. */
const hasModes = process.platform !== 'win32';

/** As PostgreSQL has it: a file of root may be read by a group that is not root's own, the usual way to hand a key to a service. */
const tooOpen = ({ mode, uid, gid }: Access): number => mode & GROUP_AND_OTHERS & ~(uid === 0 && gid !== 0 ? GROUP_READS : 0);

const octal = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`;

/** A secret that others on this machine can read or replace. `at` is where the site names it. */
export const exposedSecret = (path: string, file: Access, at: Span): readonly Diagnostic[] => {
  if (!hasModes || tooOpen(file) === 0) return [];
  return [
    diagnose('RLY5008', at, {
      message: `${path} contains a secret, but users other than its owner can read it (mode ${octal(file.mode)})`,
      help: `Run chmod 600 ${path}, and make the relay's user its owner; a file owned by root may be 0640 with the relay's group.`,
    }),
  ];
};

/** Files that decide about mail, and that everybody on this machine may change. */
export const writableByAll = (files: ReadonlyMap<string, Access>): readonly Diagnostic[] =>
  [...files].flatMap(([path, { mode }]) =>
    hasModes && (mode & OTHERS_WRITE) !== 0
      ? [
          diagnose(
            'RLY5009',
            { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
            {
              message: `Any user on this machine can change ${path} (mode ${octal(mode)})`,
              help: `Run chmod o-w ${path}.`,
            },
          ),
        ]
      : [],
  );
