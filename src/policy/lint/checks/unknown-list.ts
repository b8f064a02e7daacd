import type { Diagnostic, Span } from '../../diagnostic.ts';
import { diagnose, type Finding } from '../../diagnostic-codes.ts';
import { listed } from '../../suggest.ts';
import type { ListSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { listAsked, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { misspelt } from '../rewritten.ts';

export const unknownList: LintCheck = {
  name: 'unknown-list',
  codes: ['RLY2002', 'RLY2010'],
  doc: 'Every list used in a condition exists, and its type fits the fact.',
  avoid: `
lists:
  our_domains: { type: domain, values: [example.com] }
rules:
  - { id: misspelt, on: rcpt, when: { recipient.domain: { in: our_domain } }, then: accept }
  - { id: other-type, on: rcpt, when: { client.ip: { in: our_domains } }, then: accept }
`,
  prefer: `
lists:
  our_domains: { type: domain, values: [example.com] }
  our_hosts: { type: cidr, values: [10.0.0.0/8] }
rules:
  - { id: known, on: rcpt, when: { recipient.domain: { in: our_domains } }, then: accept }
  - { id: same-type, on: rcpt, when: { client.ip: { in: our_hosts } }, then: accept }
`,
  check: ({ files, mayMiss }) => {
    const lists = new Map(files.flatMap((file) => file.lists).map((list) => [list.name, list]));
    const uses = files.flatMap(guardedOf).flatMap((guarded) => factConditionsOf(guarded).flatMap(operatorUses));
    return uses.filter((use) => !mayMiss('lists', listAsked(use) ?? '')).flatMap((use) => checkUse(use, lists));
  },
};

const checkUse = (use: OperatorUse, lists: ReadonlyMap<string, ListSyntax>): readonly Diagnostic[] => {
  const name = listAsked(use);
  if (name === null) return [];
  const list = lists.get(name);
  if (list === undefined) return [diagnose('RLY2002', use.operand.at, unknown(name, [...lists.keys()], use.operand.at))];
  return use.type.lists.includes(list.type) ? [] : [diagnose('RLY2010', use.operand.at, mismatch(use, list))];
};

const unknown = (name: string, known: readonly string[], at: Span): Finding => {
  const otherwise =
    known.length === 0 ? `Define it under lists:, or write [${name}] for a single value.` : `Lists of this site: ${listed(known)}.`;
  return { message: `There is no list ${name}`, ...misspelt(name, known, { at, otherwise }) };
};

const mismatch = ({ subject, type }: OperatorUse, list: ListSyntax) => ({
  message: `${list.name} is a list of type ${list.type}, which never matches ${subject}`,
  help:
    type.lists.length === 0
      ? `${subject} cannot be looked up in lists.`
      : `Values of type ${type.name} are looked up in lists of type ${type.lists.join(', ')}.`,
  related: [{ at: list.nameAt, message: 'the list is defined here' }],
});
