import type { TestOrder } from './analysis/analysis.ts';
import type { Analyst } from './analysis/analyst.ts';
import { reportOf } from './features/lenses.ts';

/** What to tell of tests that were asked for. */
export interface TestsTold {
  readonly passed: boolean;
  readonly text: string;
}

/** Runs tests of a file as the editor has it, and says how they fared. Never rejects. */
export const runTests = async (analyst: Analyst, order: Omit<TestOrder, 'ask'>): Promise<TestsTold> => {
  const answer = await analyst.ask({ ask: 'test', ...order });
  if (answer.say === 'fault') return { passed: false, text: `The tests could not be run: ${answer.reason}` };
  if (answer.say !== 'results' || answer.results === null)
    return { passed: false, text: 'The site has errors: no test runs until they are fixed.' };
  const { results } = answer;
  return { passed: results.length > 0 && results.every(({ failures }) => failures.length === 0), text: reportOf(results) };
};
