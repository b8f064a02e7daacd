import type { Membership } from '../definition.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { ListSyntax } from '../syntax.ts';
import { lists } from './index.ts';

/** Compiles a list of the site; every entry that was not understood is a diagnostic at its place. */
export function compileList(list: ListSyntax): { readonly membership: Membership; readonly diagnostics: readonly Diagnostic[] } {
  const definition = lists.get(list.type);
  if (definition === undefined) throw new Error(`no list type ${list.type}`);
  const { membership, faults } = definition.compile(list.entries.map((entry) => entry.text));
  const diagnostics = faults.map(
    ({ index, message }): Diagnostic => ({
      code: 'RLY2011',
      severity: 'error',
      message: `list \`${list.name}\`: ${message}`,
      help: `An entry that is not understood would silently match nothing. ${definition.doc}`,
      at: list.entries[index]?.at ?? list.at,
      related: [],
    }),
  );
  return { membership, diagnostics };
}
