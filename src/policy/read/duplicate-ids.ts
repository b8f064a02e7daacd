import type { Diagnostic } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import type { Named, PolicyFile } from '../syntax.ts';

/** Ids are unique in a file, over grants, rules and routes: the full name `<stem>/<id>` means one of them. */
export const duplicateIds = (file: PolicyFile): readonly Diagnostic[] => {
  const first = new Map<string, Named>();
  const found: Diagnostic[] = [];
  const all = [...file.grants, ...file.rules, ...file.routes];
  for (const named of all) {
    const earlier = first.get(named.id);
    if (earlier === undefined) first.set(named.id, named);
    else {
      const another = unused(named.id, all);
      found.push(
        diagnose('RLY1201', named.idAt, {
          message: `The id ${named.id} is used twice in this file`,
          help: 'Give one of them another id; logs, skips and tests refer to rules by id.',
          fixes: [{ title: `Write ${another}`, safe: false, edits: [{ at: named.idAt, text: another }] }],
          related: [{ at: earlier.idAt, message: 'first used here' }],
        }),
      );
    }
  }
  return found;
};

/** The id with a number that no part has. */
const unused = (id: string, all: readonly Named[]): string => {
  const taken = new Set(all.map((named) => named.id));
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  return `${id}-${number}`;
};
