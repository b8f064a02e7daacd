import { type NewFiles, stemOf, testText } from './files.ts';

/** A family of its own for a new fact; to join a family, move the entry into its file. */
export const factFiles = (name: string): NewFiles => ({
  [`src/policy/facts/${stemOf(name)}.ts`]: `import type { FactDefinition } from '../definition.ts';
import { string } from '../types/string.ts';

export const facts: readonly FactDefinition[] = [
  {
    name: '${name}',
    type: string,
    collection: false,
    from: 'connect',
    lifetime: 'connection',
    provider: 'session',
    doc: 'One sentence: what it is, and when it is absent.',
    example: { when: { '${name}': 'value' }, given: { '${name}': 'value' }, holds: true },
  },
];
`,
  [`test/policy/definitions/${stemOf(name)}.test.ts`]: testText(name, `  - { id: a, on: queue, when: { ${name}: value }, then: reject }`),
});
