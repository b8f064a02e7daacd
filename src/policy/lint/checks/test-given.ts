import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { givenFault } from '../../given.ts';
import { entries } from '../../read/parts.ts';
import type { Located } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const testGiven: LintCheck = {
  name: 'test-given',
  codes: ['RLY6005'],
  doc: 'A test gives facts only values that they can have.',
  avoid: `
tests:
  - { name: a, given: { spf.result: passs, client.ip: 203.0.113.300, time.hour: 25 }, expect: { at: mail, verdict: none } }
`,
  prefer: `
tests:
  - { name: a, given: { spf.result: pass, client.ip: 203.0.113.30, time.hour: 23 }, expect: { at: mail, verdict: none } }
`,
  check: ({ files }) =>
    files.flatMap((file) => file.tests).flatMap(({ given }) => entries(given).flatMap(([fact, value]) => checkValue(fact, value))),
};

const checkValue = (fact: string, value: Located): readonly Diagnostic[] => {
  const definition = findFact(fact);
  const fault = definition && givenFault(definition, fact, value.value);
  return fault ? [diagnose('RLY6005', value.spanOf(fault.path, 'value'), fault)] : [];
};
