import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ListSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const duplicateList: LintCheck = {
  name: 'duplicate-list',
  codes: ['RLY1202'],
  doc: 'List names are unique across the site, because all policies share their lists.',
  avoid: `
lists:
  friends: { type: string, values: [a] }
---
lists:
  friends: { type: string, values: [b] }
`,
  prefer: `
lists:
  friends: { type: string, values: [a] }
rules:
  - { id: known, on: helo, when: { helo.name: { in: friends } }, then: accept }
`,
  check: ({ files }) => {
    const first = new Map<string, ListSyntax>();
    const found: Diagnostic[] = [];
    for (const list of files.flatMap((file) => file.lists)) {
      const earlier = first.get(list.name);
      if (earlier === undefined) first.set(list.name, list);
      else found.push(duplicate(list, earlier));
    }
    return found;
  },
};

const duplicate = (list: ListSyntax, earlier: ListSyntax): Diagnostic =>
  diagnose('RLY1202', list.nameAt, {
    message: `A list named ${list.name} is already defined in ${earlier.nameAt.file}`,
    help: 'Give it another name, or delete it and use the first: lists are shared by all policies.',
    related: [{ at: earlier.nameAt, message: 'first defined here' }],
  });
