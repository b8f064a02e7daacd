import { diagnose } from '../../diagnostic-codes.ts';
import { entries } from '../../read/parts.ts';
import { didYouMean } from '../../suggest.ts';
import type { PolicyFile } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factUses } from '../fact-uses.ts';

export const unusedResult: LintCheck = {
  name: 'unused-result',
  codes: ['RLY4046'],
  doc: 'Every result that a rule sets is read somewhere.',
  avoid: `
rules:
  - { id: sets, on: mail, when: { sender.domain: a.example }, then: { set: { rsik: 5 } } }
`,
  prefer: `
rules:
  - { id: sets, on: mail, when: { sender.domain: a.example }, then: { set: { risk: 5, tenant: a } } }
  - { id: asks, on: rcpt, when: { result.risk: { gte: 5 } }, then: { log: "tenant \${result.tenant}" } }
`,
  wholeSite: true,
  check: ({ files }) => {
    const read = new Set(files.flatMap(readBy));
    return files
      .flatMap((file) => file.rules)
      .flatMap(({ actions }) => actions.filter(({ action }) => action === 'set').flatMap(({ argument }) => entries(argument)))
      .filter(([name]) => !read.has(`result.${name}`))
      .map(([name, { at }]) => {
        const help = didYouMean(
          `result.${name}`,
          read,
          `Use it, result.${name} in a condition or \${result.${name}} in a text, or delete it.`,
        );
        return diagnose('RLY4046', at, { message: `Nothing reads the result ${name}`, help });
      });
  },
};

const RESULT = /\bresult\.[A-Za-z0-9_-]+/g;

/** Conditions, keys and texts, and what tests expect. */
const readBy = (file: PolicyFile): readonly string[] => [
  ...factUses(file).map(({ fact }) => fact),
  ...file.rules.flatMap(({ actions }) => actions.flatMap(({ argument }) => JSON.stringify(argument.value)?.match(RESULT) ?? [])),
  ...file.tests.flatMap(({ expect }) => entries(expect.more).map(([name]) => name)),
];
