import type { ListDefinition, ListTables, Membership } from '../definition.ts';
import { type IpWords, parseIp, parsePrefix } from '../ip.ts';
import { addEntries, compiledList, intTable } from './faults.ts';
import { PrefixTrie, PrefixTrieBuilder } from './tables/prefix-trie.ts';

const open = (tables: ListTables, size: number): Membership => {
  const ipv4 = new PrefixTrie(intTable(tables, 0));
  const ipv6 = new PrefixTrie(intTable(tables, 1));
  const covers = (words: IpWords): boolean => (words.length === 1 ? ipv4 : ipv6).has(words);
  const has = (value: unknown): boolean => {
    const words = typeof value === 'string' ? parseIp(value) : null;
    return words !== null && covers(words);
  };
  return { type: 'cidr', size, has, tables };
};

export const cidr: ListDefinition = {
  name: 'cidr',
  doc: 'Addresses or prefixes, IPv4 or IPv6. IPv4-mapped IPv6 counts as IPv4.',
  example: {
    entries: ['10.9.0.0/24', '192.0.2.1', '2001:db8:9::/64'],
    has: ['10.9.0.7', '192.0.2.1', '::ffff:10.9.0.7', '2001:db8:9::1'],
    lacks: ['10.9.1.7', '192.0.2.2', '2001:db8:9:1::1'],
  },
  compile: (entries) => {
    const tries = { ipv4: new PrefixTrieBuilder(), ipv6: new PrefixTrieBuilder() };
    const faults = addEntries(entries, (entry) => {
      const prefix = parsePrefix(entry);
      if (prefix === null) return `\`${entry}\` is neither an address nor a prefix: write \`192.0.2.1\` or \`10.0.0.0/8\``;
      (prefix.words.length === 1 ? tries.ipv4 : tries.ipv6).add(prefix);
      return null;
    });
    return compiledList(open([tries.ipv4.build(), tries.ipv6.build()], 0), entries, faults);
  },
  open,
  means: (entry) => {
    const network = parsePrefix(entry);
    return network === null ? null : [{ means: 'network', network }];
  },
};
