import type { ListDefinition, ListTables, Membership } from '../definition.ts';
import { normalDomain } from '../mailbox.ts';
import { endOf, exactly } from '../meaning.ts';
import { addEntries, compiledList, intTable, tableOf } from './faults.ts';
import { TextTable, TextTableBuilder } from './tables/text-table.ts';

const WRONG = /[\s@/*?]|\.\./;

const open = (tables: ListTables, size: number): Membership => {
  const names = new TextTable([tableOf(tables, 0), intTable(tables, 1)]);
  const parents = new TextTable([tableOf(tables, 2), intTable(tables, 3)]);
  const has = (value: unknown): boolean => typeof value === 'string' && (names.has(value) || isBelow(value, parents));
  return { type: 'domain', size, has, tables };
};

export const domain: ListDefinition = {
  name: 'domain',
  doc: '`example.com` covers only itself, `.example.com` every subdomain but not itself. U-labels and A-labels are equivalent.',
  example: {
    entries: ['example.com', '.example.net', 'bücher.example'],
    has: ['example.com', 'a.example.net', 'b.a.example.net', 'xn--bcher-kva.example'],
    lacks: ['www.example.com', 'example.net', 'badexample.net', 'com'],
  },
  compile: (entries) => {
    const names = new TextTableBuilder();
    const parents = new TextTableBuilder();
    const faults = addEntries(entries, (entry) => {
      const below = entry.startsWith('.');
      const name = below ? entry.slice(1) : entry;
      if (name === '' || WRONG.test(name)) return `\`${entry}\` is not a domain: write \`example.com\` or \`.example.com\``;
      (below ? parents : names).add(normalDomain(name));
      return null;
    });
    return compiledList(open([...names.build(), ...parents.build()], 0), entries, faults);
  },
  open,
  means: (entry) => (entry.startsWith('.') ? [endOf(`.${normalDomain(entry.slice(1))}`)] : [exactly(normalDomain(entry))]),
};

const isBelow = (name: string, parents: TextTable): boolean => {
  if (parents.isEmpty) return false;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) if (dot > 0 && parents.has(name, dot + 1)) return true;
  return false;
};
