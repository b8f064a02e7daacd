import type { ListDefinition, ListTables, Membership } from '../definition.ts';
import { normalAddress, normalDomain, normalLocal } from '../mailbox.ts';
import { endOf, exactly, startOf } from '../meaning.ts';
import { addEntries, compiledList, intTable, tableOf } from './faults.ts';
import { TextTable, TextTableBuilder } from './tables/text-table.ts';

interface Builders {
  readonly addresses: TextTableBuilder;
  readonly domains: TextTableBuilder;
  readonly locals: TextTableBuilder;
}

const tablesOf = ({ addresses, domains, locals }: Builders): ListTables => [addresses, domains, locals].flatMap((one) => one.build());

const open = (tables: ListTables, size: number): Membership => {
  const [addresses, domains, locals] = [0, 2, 4].map((at) => new TextTable([tableOf(tables, at), intTable(tables, at + 1)]));
  if (!addresses || !domains || !locals) throw new Error('three tables make an address list');
  const has = (value: unknown): boolean => {
    if (typeof value !== 'string') return false;
    if (addresses.has(value)) return true;
    const at = value.lastIndexOf('@');
    return at >= 0 && (domains.has(value, at + 1) || locals.has(value, 0, at));
  };
  return { type: 'address', size, has, tables };
};

export const address: ListDefinition = {
  name: 'address',
  doc: '`user@example.com`, `@example.com` (a whole domain), `user@` (that local part at any domain). Case-insensitive.',
  example: {
    entries: ['User@Example.com', '@example.net', 'abuse@'],
    has: ['user@example.com', 'anybody@example.net', 'abuse@example.org'],
    lacks: ['other@example.com', 'a@sub.example.net', 'abuser@example.org', 'abuse'],
  },
  compile: (entries) => {
    const builders = { addresses: new TextTableBuilder(), domains: new TextTableBuilder(), locals: new TextTableBuilder() };
    const faults = addEntries(entries, (entry) => add(builders, entry));
    return compiledList(open(tablesOf(builders), 0), entries, faults);
  },
  open,
  means: (entry) => {
    const at = entry.lastIndexOf('@');
    if (at === 0) return [endOf(`@${normalDomain(entry.slice(1))}`)];
    return at === entry.length - 1 ? [startOf(`${normalLocal(entry.slice(0, at))}@`)] : [exactly(normalAddress(entry))];
  },
};

const add = ({ addresses, domains, locals }: Builders, entry: string): string | null => {
  const at = entry.lastIndexOf('@');
  if (at < 0 || entry.length === 1 || /\s/.test(entry) || entry.startsWith('@.'))
    return `\`${entry}\` is not an address: write \`user@example.com\`, \`@example.com\` or \`user@\``;
  if (at === 0) domains.add(normalDomain(entry.slice(1)));
  else if (at === entry.length - 1) locals.add(normalLocal(entry.slice(0, at)));
  else addresses.add(normalAddress(entry));
  return null;
};
