import type { CompiledList, ListDefinition, Membership } from '../definition.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { ListSyntax } from '../syntax.ts';
import { lists } from './index.ts';

/** Up to here a list keeps its entries, so that rules can be filed by them. */
export const FEW_ENTRIES = 256;

/** Compiles entries; few of them stay with the list. */
export const compileEntries = (definition: ListDefinition, entries: readonly string[]): CompiledList => {
  const compiled = definition.compile(entries);
  const few = entries.length <= FEW_ENTRIES && compiled.faults.length === 0;
  return few ? { ...compiled, membership: { ...compiled.membership, entries } } : compiled;
};

/** Compiles a list of the site; every entry that was not understood is a diagnostic at its place. */
export const compileList = (list: ListSyntax): { readonly membership: Membership; readonly diagnostics: readonly Diagnostic[] } => {
  const definition = lists.get(list.type);
  if (definition === undefined) throw new Error(`no list type ${list.type}`);
  const { membership, faults } = compileEntries(
    definition,
    list.entries.map((entry) => entry.text),
  );
  const diagnostics = faults.map(
    ({ index, message }): Diagnostic => ({
      code: 'RLY2011',
      severity: 'error',
      message: `list \`${list.name}\`: ${message}`,
      help: `An entry that is not understood would silently match nothing. ${definition.doc}`,
      at: list.entries[index]?.at ?? list.at,
      related: [],
      fixes: [],
    }),
  );
  return { membership, diagnostics };
};
