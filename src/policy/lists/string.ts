import type { ListDefinition, ListTables, Membership } from '../definition.ts';
import { exactly } from '../meaning.ts';
import { compiledList, intTable, tableOf } from './faults.ts';
import { TextTable, TextTableBuilder, type TextTableData } from './tables/text-table.ts';

const tableOfTexts = (texts: readonly string[]): TextTableData => {
  const builder = new TextTableBuilder();
  for (const text of texts) builder.add(text);
  return builder.build();
};

const open = (tables: ListTables, size: number): Membership => {
  const exact = new TextTable([tableOf(tables, 0), intTable(tables, 1)]);
  const folded = tables.length > 2 ? new TextTable([tableOf(tables, 2), intTable(tables, 3)]) : exact;
  return {
    type: 'string',
    size,
    has: (value) => exact.has(String(value)),
    hasCaseless: (value) => folded.has(String(value).toLowerCase()),
    tables,
  };
};

export const string: ListDefinition = {
  name: 'string',
  doc: 'Whole values. Case-sensitive, unless the fact is case-insensitive.',
  example: { entries: ['exe', 'Scr'], has: ['exe', 'Scr'], lacks: ['scr', 'ex', ''] },
  compile: (entries) => {
    const lower = entries.every((entry) => entry === entry.toLowerCase());
    const folded = lower ? [] : tableOfTexts(entries.map((entry) => entry.toLowerCase()));
    return compiledList(open([...tableOfTexts(entries), ...folded], 0), entries, []);
  },
  open,
  means: (entry, type) => [exactly(type.caseless ? entry.toLowerCase() : entry)],
};
