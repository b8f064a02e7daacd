import type { Mutation, Survivor } from '../../site/testing/mutation/mutate.ts';
import { type Paint, painter } from '../terminal/style.ts';

const diff = ({ file, line, what, before, after }: Survivor, paint: Paint): readonly string[] => [
  `${file.path}:${line}: ${what}`,
  paint('red', `-${before}`),
  paint('green', `+${after}`),
];

/** How many breakages the tests and lint notice, and those that nobody does. */
export const mutationReport = ({ byTests, byLint, survivors, left }: Mutation, color: boolean): string => {
  const paint = painter(color);
  const tried = byTests + byLint + survivors.length;
  const percent = tried === 0 ? 100 : Math.floor((100 * (byTests + byLint)) / tried);
  const more = left > 0 ? `; time was up before ${left} more` : '';
  return [
    ...survivors.flatMap((survivor) => [...diff(survivor, paint), '']),
    `${tried} breakages tried: ${byTests} noticed by the tests, ${byLint} by lint, ${survivors.length} by nobody (${percent} % noticed)${more}`,
    '',
  ].join('\n');
};

/** The same for scripts. */
export const mutationJson = ({ byTests, byLint, survivors, left }: Mutation): string => {
  const shown = survivors.map(({ file, line, what, before, after }) => ({ file: file.path, line, what, before, after }));
  return `${JSON.stringify({ mutation: { byTests, byLint, survivors: shown, left } }, null, 2)}\n`;
};
