import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import type { Guarded } from '../guarded.ts';
import { asksOfSets, implies, rootsOf } from '../values/implies.ts';
import { excludes } from '../values/joint.ts';
import { partsOf } from '../values/never-holding.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';

export const redundant: LintCheck = {
  name: 'redundant',
  codes: ['RLY4045'],
  doc: 'No alternative is part of another one, and every exception can apply.',
  avoid: `
rules:
  - { id: a, on: mail, when: { any: [{ sender.domain: { ends_with: .example } }, { sender.domain: spam.example }] }, then: reject }
  - { id: b, on: mail, when: { sender.domain: a.example }, unless: [{ sender.domain: b.example }], then: reject }
`,
  prefer: `
rules:
  - { id: a, on: mail, when: { any: [{ sender.domain: { ends_with: .example } }, { sender.domain: spam.test }] }, then: reject }
  - { id: b, on: mail, when: { sender.domain: { ends_with: .example } }, unless: [{ sender.domain: b.example }], then: reject }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    // Pairs of conditions are compared, so their number is bounded: lint of a large site stays short.
    const choosing = reasoning.asking.filter(({ guarded }) => guarded.unless.length > 0 || conditionsOf(guarded).some(hasChoice));
    return choosing
      .slice(0, MOST_ASKING)
      .flatMap(({ guarded }) => [
        ...conditionsOf(guarded).flatMap((condition) => inChoices(condition, reasoning)),
        ...idleExceptions(guarded, reasoning),
      ]);
  },
};

const conditionsOf = ({ when, unless }: Guarded): readonly ConditionSyntax[] => [...(when === null ? [] : [when]), ...unless];

const MOST_PARTS = 12;
const MOST_ASKING = 300;

const hasChoice = (condition: ConditionSyntax): boolean => condition.kind === 'any' || partsOf(condition).some(hasChoice);

const inChoices = (condition: ConditionSyntax, reasoning: Reasoning): readonly Diagnostic[] => [
  ...partsOf(condition).flatMap((part) => inChoices(part, reasoning)),
  ...(condition.kind === 'any' && condition.parts.length <= MOST_PARTS ? inChoice(condition.parts, reasoning) : []),
];

const inChoice = (parts: readonly ConditionSyntax[], reasoning: Reasoning): readonly Diagnostic[] =>
  parts.flatMap((part, at) => {
    const wider = parts.find(
      (other, index) => other !== part && isPartOf(part, other, reasoning) && (index < at || !isPartOf(other, part, reasoning)),
    );
    if (wider === undefined) return [];
    return [
      diagnose('RLY4045', part.at, {
        message: 'Whenever this alternative holds, another one does, too',
        help: 'Delete it, or correct the wider one.',
        related: [{ at: wider.at, message: 'the wider alternative' }],
      }),
    ];
  });

/** Only what asks about the same one thing is compared. */
const isPartOf = (part: ConditionSyntax, other: ConditionSyntax, reasoning: Reasoning): boolean => {
  const [roots, others] = [rootsOf(part), rootsOf(other)];
  if (asksOfSets(part) || asksOfSets(other) || roots.size !== 1 || others.size !== 1) return false;
  return [...roots].every((root) => others.has(root)) && implies(part, other, reasoning);
};

const idleExceptions = ({ when, unless }: Guarded, reasoning: Reasoning): readonly Diagnostic[] => {
  if (when === null || unless.length > MOST_PARTS) return [];
  return unless
    .filter(
      (exception) => excludes(when, exception, reasoning) && !excludes(exception, exception, reasoning) && !excludes(when, when, reasoning),
    )
    .map((exception) =>
      diagnose('RLY4045', exception.at, {
        message: 'The exception never applies: nothing that meets when: meets it',
        help: 'Delete it, or correct when:.',
        related: [{ at: when.at, message: 'excludes it' }],
      }),
    );
};
