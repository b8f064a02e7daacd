import type { Diagnostic } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import type { Named, PolicyFile } from '../syntax.ts';

/** Ids are unique in a file, over grants, rules and routes: the full name `<stem>/<id>` means one of them. */
export const duplicateIds = (file: PolicyFile): readonly Diagnostic[] => {
  const first = new Map<string, Named>();
  const found: Diagnostic[] = [];
  for (const named of [...file.grants, ...file.rules, ...file.routes]) {
    const earlier = first.get(named.id);
    if (earlier === undefined) first.set(named.id, named);
    else
      found.push(
        diagnose('RLY1201', named.idAt, {
          message: `The id ${named.id} is used twice in this file`,
          help: 'Give one of them another id; logs, skips and tests refer to rules by id.',
          related: [{ at: earlier.idAt, message: 'first used here' }],
        }),
      );
  }
  return found;
};
