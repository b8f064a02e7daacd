import { constantOf, type Scaffolded, stemOf } from './files.ts';

/** The code it reports is registered in src/policy/diagnostic-codes.ts; `avoid` and `prefer` run as its tests. */
export const lintFiles = (name: string): Scaffolded => ({
  added: {
    [`src/policy/lint/checks/${stemOf(name)}.ts`]: `import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';

export const ${constantOf(name)}: LintCheck = {
  name: '${stemOf(name)}',
  codes: ['RLY4001'],
  doc: 'One sentence: how policies should be.',
  avoid: \`
rules:
  - { id: bad, on: mail, then: accept }
\`,
  prefer: \`
rules:
  - { id: good, on: mail, then: accept }
\`,
  check: ({ files }) =>
    files
      .flatMap((file) => file.rules)
      .filter((rule) => rule.id === 'bad')
      .map((rule) => diagnose('RLY4001', rule.idAt, { message: 'One sentence: what is wrong', help: 'One sentence: what to write instead.' })),
};
`,
  },
});
