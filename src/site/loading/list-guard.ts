import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import type { ListSyntax, PolicyFile } from '../../policy/syntax.ts';

const tooFew = (list: ListSyntax): readonly Diagnostic[] => {
  if (list.minEntries === null || list.entries.length >= list.minEntries) return [];
  return [
    diagnose('RLY5006', list.nameAt, {
      message: `List ${list.name} has ${list.entries.length} entries, but min_entries requires ${list.minEntries}`,
      help: 'Restore the list, or lower min_entries if this is intended.',
    }),
  ];
};

const shrunk = (list: ListSyntax, before: number): readonly Diagnostic[] => {
  if (list.maxShrink === null || list.entries.length >= before * (1 - list.maxShrink)) return [];
  return [
    diagnose('RLY5006', list.nameAt, {
      message: `List ${list.name} would shrink from ${before} to ${list.entries.length} entries, more than max_shrink allows`,
      help: 'Restore the list, or raise max_shrink for this reload if this is intended.',
    }),
  ];
};

/** Lists that lost more than their authors allow, against the sizes they have in the running policy (none at the first load). */
export const guardLists = (files: readonly PolicyFile[], running: ReadonlyMap<string, { readonly size: number }>): readonly Diagnostic[] =>
  files
    .flatMap((file) => file.lists)
    .flatMap((list) => {
      const before = running.get(list.name)?.size;
      return [...tooFew(list), ...(before === undefined ? [] : shrunk(list, before))];
    });
