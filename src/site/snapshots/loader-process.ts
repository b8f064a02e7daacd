/*
 * What runs in the loading process. Whatever goes wrong in here, hangs, or takes all the memory it may have leaves
 * those who serve mail alone. Signals that reach a whole group of processes are not meant for it; without the relay
 * that started it, it ends.
 */
import { getPriority, setPriority } from 'node:os';
import { type FromLoader, isLoadOrder, type LoadOrder } from './messages.ts';

/** Added to the niceness of the relay, 19 being the most there is. */
const NICER = 5;
const LEAST = 19;

/** Those who serve mail come first. */
const behindOthers = (): void => {
  try {
    setPriority(Math.min(getPriority() + NICER, LEAST));
  } catch {
    // Where that is not allowed the load is as important as the mail.
  }
};

behindOthers();
process.on('SIGHUP', () => undefined);
process.on('SIGUSR2', () => undefined);
process.on('disconnect', () => process.exit(0));

const say = (message: FromLoader): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

const load = async (order: LoadOrder): Promise<void> => {
  const [{ prepareSnapshot }, { piecesOf }] = await Promise.all([import('./prepare.ts'), import('./transfer.ts')]);
  const answer = await prepareSnapshot(order);
  if (answer.snapshot === null) return say({ say: 'refused', reason: answer.reason });
  for (const piece of piecesOf(answer.snapshot)) await say(piece);
  return say({ say: 'complete' });
};

process.on('message', (order: unknown) => {
  if (isLoadOrder(order)) void load(order);
});
