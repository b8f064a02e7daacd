import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf } from '../guarded.ts';
import { verdictOf } from '../verdicts.ts';

export const passesUnread: LintCheck = {
  name: 'passes-unread',
  codes: ['RLY4020'],
  doc: 'A rule that stops mail for its attachments or text says what to do with mail that cannot be parsed.',
  avoid: `
rules:
  - { id: programs, on: data_post, when: { attachment: { any: { extension: exe } } }, then: reject }
`,
  prefer: `
rules:
  - { id: programs, on: data_post, when: { attachment: { any: { extension: exe } } }, then: reject, on_unknown: defer }
  - { id: watched, on: data_post, when: { body.text: { contains: lottery } }, then: { tag: lottery } }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap(checkRule),
};

const STOPPING: ReadonlySet<string> = new Set(['reject', 'defer', 'discard', 'quarantine', 'disconnect']);

/** Content of the message: unknown if mail programs would parse it differently, which the sender can bring about. */
const isContent = (fact: string): boolean => {
  const definition = findFact(fact);
  return definition?.provider === 'message' && definition.lookUp !== undefined;
};

const checkRule = (rule: RuleSyntax): readonly Diagnostic[] => {
  const stops = STOPPING.has(verdictOf(rule)?.action ?? '');
  if (!stops || rule.onUnknown === 'defer' || rule.mode === 'shadow') return [];
  const fact = factConditionsOf(rule).find((condition) => isContent(condition.fact));
  if (fact === undefined) return [];
  const message = `Mail whose ${fact.fact} is unknown passes ${rule.id}`;
  const help = 'A sender can build a message that mail programs parse differently. With on_unknown: defer it gets 451 instead.';
  return [diagnose('RLY4020', fact.factAt, { message, help })];
};
