/*
 * What runs in the process that reads sites for the language server. Whatever takes long in here, hangs, or takes all the
 * memory it may have leaves the editor's requests alone. Without the server that started it, it ends.
 */
import { analyse, runTestsOf } from './analyse.ts';
import type { Answer, Order } from './analysis.ts';

/** Both sides are of one version, and nobody else can speak on their channel. */
const isOrder = (message: unknown): message is Order => typeof message === 'object' && message !== null && 'ask' in message;

const answer = async (order: Order): Promise<Answer> => {
  try {
    if (order.ask === 'test') return { say: 'results', results: await runTestsOf(order) };
    return { say: 'analysis', analysis: analyse(order) };
  } catch (error) {
    return { say: 'fault', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

process.on('disconnect', () => process.exit(0));
process.on('message', (message: unknown) => {
  if (isOrder(message)) void answer(message).then((said) => process.send?.(said));
});
