import { constantOf, type Scaffolded, stemOf, testText } from './files.ts';

export const operatorFiles = (name: string): Scaffolded => ({
  added: {
    [`src/policy/operators/${stemOf(name)}.ts`]: `import type { OperatorDefinition } from '../definition.ts';
import { written } from './words.ts';

export const ${constantOf(name)}: OperatorDefinition = {
  name: '${name}',
  asks: 'value',
  doc: 'One sentence: when it holds.',
  operand: (type, _collection, fields) => (fields === undefined ? type.literal : null),
  says: (operand, held) => \`\${held ? 'fits' : 'does not fit'} \${written(operand)}\`,
  compile: (operand) => (value) => value === operand,
  examples: [
    { when: { 'auth.user': { ${name}: 'alice' } }, given: { 'auth.user': 'alice' }, holds: true },
    { when: { 'auth.user': { ${name}: 'alice' } }, given: { 'auth.user': 'bob' }, holds: false },
  ],
};
`,
    [`test/policy/definitions/${stemOf(name)}.test.ts`]: testText(
      name,
      `  - { id: a, on: queue, when: { auth.user: { ${name}: alice } }, then: reject }`,
    ),
  },
});
