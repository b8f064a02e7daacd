import type { Fate } from '../../site/testing/fates.ts';
import type { Sweep, SweepFinding } from '../../site/testing/sweep.ts';

const SAID = {
  refused: 'refused for good, though the answer may have let it through',
  relayed: 'let in, though the answer gives no grant',
  passes: 'let through, though the answer would have stopped it',
} as const;

const shown = ({ end, by, reply }: Fate): string =>
  `${end}${by === '' ? '' : ` by ${by}`}${end === 'refused' || end === 'deferred' ? `: ${reply}` : ''}`;

/** How to say that it is meant, or to change it. */
const advice = ({ known }: SweepFinding): string =>
  `if that is meant, write a test in which ${known.by} is unknown; otherwise give the rule on_unknown: defer`;

/** What one session came to, as lines for people. */
export const sweepLines = (finding: SweepFinding): readonly string[] => {
  const { fault, unknown, known, swept } = finding;
  return [
    `with ${unknown.join(' and ')} unknown, ${SAID[fault]}`,
    `    answered: ${shown(known)}`,
    `    unknown:  ${shown(swept)}`,
    ...(fault === 'passes' ? [`    ${advice(finding)}`] : []),
  ];
};

/** One line. */
export const sweepSummary = ({ runs, left, findings }: Sweep): string => {
  const more = left > 0 ? `, ${left} more left out` : '';
  return `unknown: ${runs} sessions with a look-up or count unknown${more}, ${findings.length} ended otherwise than they should`;
};
