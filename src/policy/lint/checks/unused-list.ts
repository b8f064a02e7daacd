import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { listAsked, operatorUses } from '../operator-uses.ts';

export const unusedList: LintCheck = {
  name: 'unused-list',
  codes: ['RLY4003', 'RLY4004'],
  doc: 'Every list is used in a condition, and inline lists have entries.',
  avoid: `
lists:
  friends: { type: domain, values: [example.com] }
  foes: { type: domain, values: [] }
`,
  prefer: `
lists:
  friends: { type: domain, values: [example.com] }
rules:
  - { id: friend, on: mail, when: { sender.domain: { in: friends } }, then: accept }
`,
  check: ({ files, mayMiss }) => {
    const lists = files.flatMap((file) => file.lists);
    const uses = files.flatMap(guardedOf).flatMap((guarded) => factConditionsOf(guarded).flatMap(operatorUses));
    const asked = new Set(uses.map(listAsked));
    const isAsked = (name: string): boolean => asked.has(name) || ASKING.some((section) => mayMiss(section));
    const unused = lists.filter(({ name }) => !isAsked(name));
    // A list file may well be empty today: its data is not policy.
    const empty = lists.filter(({ entries, file }) => entries.length === 0 && file === null);
    return [
      ...unused.map(({ name, nameAt }) =>
        diagnose('RLY4003', nameAt, { message: `No condition uses the list ${name}`, help: unusedHelp(name) }),
      ),
      ...empty.map(({ name, nameAt }) => diagnose('RLY4004', nameAt, { message: `The list ${name} is empty`, help: EMPTY_HELP })),
    ];
  },
};

const ASKING = ['grants', 'rules', 'routes'] as const;

const unusedHelp = (name: string): string => `Use it, { in: ${name} }, or delete it. Check whether its name is misspelt elsewhere.`;

const EMPTY_HELP = 'It never matches: add entries, or delete it along with the conditions that use it.';
