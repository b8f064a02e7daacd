import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ActionSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { rewritten } from '../rewritten.ts';

export const replyClass: LintCheck = {
  name: 'reply-class',
  codes: ['RLY3004', 'RLY3005'],
  doc: 'A reject replies with 5xx, a defer with 4xx, and the enhanced code is of the same class.',
  avoid: `
rules:
  - { id: a, on: helo, when: { helo.name: localhost }, then: { reject: "450 4.7.1 no" } }
  - { id: b, on: helo, when: { helo.name: home }, then: { defer: "450 5.7.1 later" } }
`,
  prefer: `
rules:
  - { id: a, on: helo, when: { helo.name: localhost }, then: { reject: "550 5.7.1 no" } }
  - { id: b, on: helo, when: { helo.name: home }, then: { defer: "450 4.7.1 later" } }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap((rule) => rule.actions.flatMap(checkReply)),
};

const CLASS: ReadonlyMap<string, string> = new Map([
  ['reject', '5'],
  ['defer', '4'],
]);

const REPLY = /^(\d)\d\d(?: +(\d)\.\d{1,3}\.\d{1,3}(?= |$))?/;

const checkReply = ({ action, argument }: ActionSyntax): readonly Diagnostic[] => {
  const wanted = CLASS.get(action);
  const written = typeof argument.value === 'string' ? REPLY.exec(argument.value) : null;
  if (wanted === undefined || written === null) return [];
  const [, code = '', enhanced] = written;
  if (code !== wanted) return [diagnose('RLY3004', argument.within([], { start: 0, end: 3 }), wrongCode(action, code))];
  if (enhanced === undefined || enhanced === wanted) return [];
  const start = written[0].lastIndexOf(' ') + 1;
  const help = `Write ${wanted}${written[0].slice(start + 1)}: both codes begin with the same digit (RFC 3463 2).`;
  const digit = argument.within([], { start, end: start + 1 });
  const fixes = [{ ...rewritten(digit, wanted, true), title: `Write ${wanted}${written[0].slice(start + 1)}` }];
  const message = `The enhanced code is of class ${enhanced}, but the reply code is of class ${wanted}`;
  return [diagnose('RLY3005', argument.within([], { start, end: written[0].length }), { message, help, fixes })];
};

const wrongCode = (action: string, code: string): { message: string; help: string } => ({
  message: `${action} cannot reply with ${code}xx`,
  help:
    action === 'reject'
      ? 'A rejection is permanent: write a 5xx code and 5.x.x, or use defer: for 4xx.'
      : 'A deferral is temporary: write a 4xx code and 4.x.x, or use reject: for 5xx.',
});
