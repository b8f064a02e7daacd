import type { ListDefinition } from '../definition.ts';
import { normalAddress, normalDomain, normalLocal } from '../mailbox.ts';
import { addEntries, compiledList } from './faults.ts';

interface Sets {
  readonly addresses: Set<string>;
  readonly domains: Set<string>;
  readonly locals: Set<string>;
}

export const address: ListDefinition = {
  name: 'address',
  doc: '`user@example.com`, `@example.com` (all of a domain), `user@` (that local part anywhere). Case does not count.',
  example: {
    entries: ['User@Example.com', '@example.net', 'abuse@'],
    has: ['user@example.com', 'anybody@example.net', 'abuse@example.org'],
    lacks: ['other@example.com', 'a@sub.example.net', 'abuser@example.org', 'abuse'],
  },
  compile: (entries) => {
    const sets: Sets = { addresses: new Set(), domains: new Set(), locals: new Set() };
    const faults = addEntries(entries, (entry) => add(sets, entry));
    return compiledList({ type: 'address', has: (value) => typeof value === 'string' && holds(sets, value) }, entries, faults);
  },
};

const add = (sets: Sets, entry: string): string | null => {
  const at = entry.lastIndexOf('@');
  if (at < 0 || entry.length === 1 || /\s/.test(entry) || entry.startsWith('@.'))
    return `\`${entry}\` is no address: write \`user@example.com\`, \`@example.com\` or \`user@\``;
  if (at === 0) sets.domains.add(normalDomain(entry.slice(1)));
  else if (at === entry.length - 1) sets.locals.add(normalLocal(entry.slice(0, at)));
  else sets.addresses.add(normalAddress(entry));
  return null;
};

const holds = (sets: Sets, value: string): boolean => {
  if (sets.addresses.has(value)) return true;
  const at = value.lastIndexOf('@');
  return at >= 0 && (sets.domains.has(value.slice(at + 1)) || sets.locals.has(value.slice(0, at)));
};
