import type { Site } from '../../site/loading/load.ts';
import { BUILT_IN } from '../../site/proof/built-in.ts';
import { explainedSession } from '../../site/proof/explained.ts';
import type { Proof } from '../../site/proof/proof.ts';
import { refusingTest, writtenGiven } from '../../site/proof/written.ts';
import { renderExplanation } from '../explanation/render.ts';
import { type Paint, painter } from '../terminal/style.ts';

const STYLES = { proved: 'green', refuted: 'red', undecided: 'yellow' } as const;

const subjectOf = ({ id, of }: Proof): string => (of === '' ? id : `${id}  ${of}`);

/** A session that should not get through, as `explain` prints it, and as a test to paste. */
const refuted = async (proof: Proof, site: Site, color: boolean): Promise<readonly string[]> => {
  if (proof.session === null) return [];
  const explained = renderExplanation(await explainedSession(site, proof.session), { color, all: false });
  return [
    `  given  ${writtenGiven(proof.session)}`,
    ...explained
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '  as a test, once it is mended:',
    ...refusingTest(`${proof.id}: ${proof.of}`, proof.session).map((line) => `    ${line}`),
  ];
};

const entry = async (proof: Proof, site: Site, paint: Paint, color: boolean): Promise<readonly string[]> => [
  `${paint(STYLES[proof.result], proof.result.toUpperCase().padEnd(9))}  ${subjectOf(proof)}`,
  ...proof.why.map((why) => `  ${why}`),
  ...(proof.result === 'refuted' ? await refuted(proof, site, color) : []),
  ...(proof.result === 'proved' && proof.session !== null ? [`  given  ${writtenGiven(proof.session)}`] : []),
];

/** What is known of each invariant, for people. */
export const prettyProofs = async (proofs: readonly Proof[], site: Site, color: boolean): Promise<string> => {
  const paint = painter(color);
  const lines: string[] = [];
  for (const { id, says } of BUILT_IN) {
    const own = proofs.filter((proof) => proof.id === id);
    if (own.length === 0) continue;
    lines.push(`${paint('bold', id)}: ${says}`);
    for (const proof of own) lines.push(...(await entry(proof, site, paint, color)).map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
};
