import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { Hook } from '../../hook.ts';
import type { Named, PolicyFile, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, type Guarded, guardFingerprint, isUnconditional } from '../guarded.ts';
import { endsHook } from '../verdicts.ts';

export const sameWhen: LintCheck = {
  name: 'same-when',
  codes: ['RLY4002'],
  doc: 'No rule repeats the condition of an earlier rule that already decides; no two grants or routes have the same condition.',
  avoid: `
rules:
  - { id: first, on: helo, when: { helo.name: localhost }, then: reject }
  - { id: second, on: helo, when: { helo.name: localhost }, then: { log: seen } }
`,
  prefer: `
rules:
  - { id: first, on: helo, when: { helo.name: localhost }, then: { log: seen } }
  - { id: second, on: helo, when: { helo.name: localhost }, then: defer }
`,
  check: ({ files }) => [
    ...repeated(files.flatMap((file) => file.grants)),
    ...repeated(files.flatMap((file) => file.routes)),
    ...files.flatMap(hooksOf).flatMap((hook) => repeated(comparable(files, hook), endsHook)),
  ],
};

type Compared = Named & Pick<Guarded, 'when' | 'unless'>;

/** What rules set may be different the second time; one that defers acts where the earlier one is skipped. */
const comparable = (files: readonly PolicyFile[], hook: Hook): readonly RuleSyntax[] =>
  files.flatMap((file) => file.rules).filter((rule) => rule.on === hook && !readsResults(rule) && rule.onUnknown === 'skip');

const hooksOf = (file: PolicyFile, index: number, files: readonly PolicyFile[]): readonly Hook[] => {
  const earlier = new Set(files.slice(0, index).flatMap(({ rules }) => rules.map(({ on }) => on)));
  return [...new Set(file.rules.map(({ on }) => on))].filter((hook) => !earlier.has(hook));
};

const readsResults = (rule: RuleSyntax): boolean => factConditionsOf(rule).some(({ fact }) => /^(?:result\.|tag$|score$)/.test(fact));

/** A rule that decides nothing hides no other. */
const repeated = <One extends Compared>(all: readonly One[], decides: (one: One) => boolean = () => true): readonly Diagnostic[] => {
  const first = new Map<string, One>();
  const found: Diagnostic[] = [];
  for (const one of all.filter((candidate) => !isUnconditional(candidate))) {
    const key = guardFingerprint(one);
    const earlier = first.get(key);
    if (earlier !== undefined) found.push(same(one, earlier));
    else if (decides(one)) first.set(key, one);
  }
  return found;
};

const same = (later: Compared, earlier: Compared): Diagnostic =>
  diagnose('RLY4002', later.idAt, {
    message: `${later.id} has the same condition as ${earlier.name}, which decides before it`,
    help: 'Delete one of the two, or make their conditions different.',
    related: [{ at: earlier.idAt, message: 'the same condition' }],
  });
