import type { ListDefinition } from '../definition.ts';
import { normalDomain } from '../mailbox.ts';
import { addEntries, compiledList } from './faults.ts';

const WRONG = /[\s@/*?]|\.\./;

export const domain: ListDefinition = {
  name: 'domain',
  doc: '`example.com` is only it, `.example.com` every subdomain and not itself. U-labels and A-labels are the same.',
  example: {
    entries: ['example.com', '.example.net', 'bücher.example'],
    has: ['example.com', 'a.example.net', 'b.a.example.net', 'xn--bcher-kva.example'],
    lacks: ['www.example.com', 'example.net', 'badexample.net', 'com'],
  },
  compile: (entries) => {
    const names = new Set<string>();
    const parents = new Set<string>();
    const faults = addEntries(entries, (entry) => {
      const below = entry.startsWith('.');
      const name = below ? entry.slice(1) : entry;
      if (name === '' || WRONG.test(name)) return `\`${entry}\` is no domain: write \`example.com\` or \`.example.com\``;
      (below ? parents : names).add(normalDomain(name));
      return null;
    });
    const has = (value: unknown): boolean => typeof value === 'string' && (names.has(value) || isBelow(value, parents));
    return compiledList({ type: 'domain', has }, entries, faults);
  },
};

const isBelow = (name: string, parents: ReadonlySet<string>): boolean => {
  if (parents.size === 0) return false;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
    if (dot > 0 && parents.has(name.slice(dot + 1))) return true;
  return false;
};
