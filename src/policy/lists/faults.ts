import type { CompiledList, EntryFault, ListTables, Membership } from '../definition.ts';

/** Feeds every entry to `add`, which says what is wrong with it, or `null`. */
export const addEntries = (entries: readonly string[], add: (entry: string) => string | null): readonly EntryFault[] => {
  const faults: EntryFault[] = [];
  for (let index = 0; index < entries.length; index++) {
    const message = add(entries[index] ?? '');
    if (message !== null) faults.push({ index, message });
  }
  return faults;
};

/** A list over `entries`, less those at fault. */
export const compiledList = (
  membership: Omit<Membership, 'size'>,
  entries: readonly string[],
  faults: readonly EntryFault[],
): CompiledList => ({ membership: { ...membership, size: entries.length - faults.length }, faults });

/** One of the tables of a list that was sent here. Throws if it is not there: the sender is of another version. */
export const tableOf = (tables: ListTables, at: number): Uint8Array => {
  const table = tables[at];
  if (table instanceof Uint8Array) return table;
  throw new TypeError(`table ${at} of a list is missing`);
};

export const intTable = (tables: ListTables, at: number): Int32Array => {
  const table = tables[at];
  if (table instanceof Int32Array) return table;
  throw new TypeError(`table ${at} of a list is missing`);
};
