import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { memberOf } from '../../facts/find.ts';
import type { LintCheck, Surroundings } from '../check.ts';
import type { OperatorUse } from '../operator-uses.ts';
import { holdsFor, testOf } from '../values/leaf.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { isDnsList } from '../values/site-words.ts';

export const dnsListErrors: LintCheck = {
  name: 'dns-list-errors',
  codes: ['RLY4041'],
  doc: 'No rule takes a DNS list that refuses to answer for a listing.',
  avoid: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zen: { exists: true } }, then: reject }
`,
  prefer: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zen: [sbl, pbl] }, then: reject }
`,
  check: (site) => {
    const { surroundings } = site;
    if (surroundings === null) return [];
    const reasoning = reasoningOf(site);
    return reasoning.uses.filter(({ fact }) => isDnsList(fact)).flatMap((use) => checkUse(use, { surroundings, reasoning }));
  },
};

interface Around {
  readonly surroundings: Surroundings;
  readonly reasoning: Reasoning;
}

const checkUse = (use: OperatorUse, { surroundings, reasoning }: Around): readonly Diagnostic[] => {
  const name = memberOf(use.fact);
  const codes = surroundings.errorCodes.get(name) ?? [];
  if (!codes.some((code) => matches(use, code, reasoning))) return [];
  return [
    diagnose('RLY4041', use.at, {
      message: `While ${name} refuses to answer, every client meets this`,
      help: `Add the answers with which it refuses to its entry under dnsbl:, errors: 127.255.255.0/24 for most lists.`,
    }),
  ];
};

const matches = (use: OperatorUse, code: string, { lists }: Reasoning): boolean => {
  if (use.operator === 'exists') return use.operand.value === true;
  const test = testOf({ operator: use.operator, operand: use.operand.value, type: use.type }, lists);
  return test !== null && holdsFor(test, code) === true;
};
