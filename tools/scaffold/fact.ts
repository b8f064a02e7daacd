import { existsSync, readFileSync } from 'node:fs';
import { type Scaffolded, stemOf, testText } from './files.ts';

const FACTS = 'src/policy/facts';

/** Where the facts whose names begin alike are: `sender.ts` for `sender.length`. */
const familyFile = (name: string): string => `${FACTS}/${stemOf(name.split('.')[0] ?? name)}.ts`;

/** A definition, as an entry of its family's array. */
export interface FactText {
  readonly entry: string;
  /** What the family's file has to declare besides. */
  readonly declarations?: string;
}

const STRING = "import { string } from '../types/string.ts';";

const pathOf = (line: string): string => /from '([^']+)';$/.exec(line)?.[1] ?? '';

const withImport = (text: string): string => {
  if (text.includes(STRING)) return text;
  const lines = text.split('\n');
  const later = lines.findIndex((line) => pathOf(line) > pathOf(STRING));
  const last = lines.findLastIndex((line) => pathOf(line) !== '');
  return lines.toSpliced(later === -1 ? last + 1 : later, 0, STRING).join('\n');
};

const END = /\n\];\n(?![\s\S]*\n\];\n)/;

const joined = (text: string, { entry, declarations }: FactText): string =>
  `${withImport(text).replace(END, () => `\n${entry}];\n`)}${declarations === undefined ? '' : `\n${declarations}`}`;

const alone = ({ entry, declarations }: FactText): string => `import type { FactDefinition } from '../fact-definition.ts';
${STRING}
${declarations === undefined ? '' : `\n${declarations}`}
export const facts: readonly FactDefinition[] = [
${entry}];
`;

/** Whether facts of that family are there. */
export const hasFamily = (name: string): boolean => existsSync(familyFile(name));

/** The fact joins its family's file, or begins one. */
export const inFamily = (name: string, fact: FactText): Scaffolded => {
  const file = familyFile(name);
  return hasFamily(name)
    ? { added: {}, extended: { [file]: joined(readFileSync(file, 'utf8'), fact) } }
    : { added: { [file]: alone(fact) } };
};

const entryOf = (name: string): string => `  {
    name: '${name}',
    type: string,
    collection: false,
    from: 'connect',
    lifetime: 'connection',
    provider: 'session',
    doc: 'One sentence: what it is, and when it is absent.',
    example: { when: { '${name}': 'value' }, given: { '${name}': 'value' }, holds: true },
  },
`;

export const factFiles = (name: string): Scaffolded => {
  const { added, extended = {} } = inFamily(name, { entry: entryOf(name) });
  const policy = `  - { id: a, on: queue, when: { ${name}: value }, then: reject }`;
  return { added: { ...added, [`test/policy/definitions/${stemOf(name)}.test.ts`]: testText(name, policy) }, extended };
};
