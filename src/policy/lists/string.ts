import type { ListDefinition } from '../definition.ts';
import { compiledList } from './faults.ts';

export const string: ListDefinition = {
  name: 'string',
  doc: 'Whole values. Case counts, unless the fact is one that is compared without case.',
  example: { entries: ['exe', 'Scr'], has: ['exe', 'Scr'], lacks: ['scr', 'ex', ''] },
  compile: (entries) => {
    const exact = new Set(entries);
    let folded: Set<string> | null = null;
    const hasCaseless = (value: unknown): boolean => {
      folded ??= new Set(entries.map((entry) => entry.toLowerCase()));
      return folded.has(String(value).toLowerCase());
    };
    return compiledList({ type: 'string', has: (value) => exact.has(String(value)), hasCaseless }, entries, []);
  },
};
