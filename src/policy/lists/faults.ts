import type { CompiledList, EntryFault, Membership } from '../definition.ts';

/** Feeds every entry to `add`, which says what is wrong with it, or `null`. */
export const addEntries = (entries: readonly string[], add: (entry: string) => string | null): readonly EntryFault[] => {
  const faults: EntryFault[] = [];
  for (let index = 0; index < entries.length; index++) {
    const message = add(entries[index] ?? '');
    if (message !== null) faults.push({ index, message });
  }
  return faults;
};

/** A list over `size` entries, less those at fault. */
export const compiledList = (
  membership: Omit<Membership, 'size'>,
  entries: readonly string[],
  faults: readonly EntryFault[],
): CompiledList => ({ membership: { ...membership, size: entries.length - faults.length }, faults });
