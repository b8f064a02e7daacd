/*
 * What runs in the loading process. Whatever goes wrong in here, hangs, or takes all the memory it may have leaves
 * those who serve mail alone. Signals that reach a whole group of processes are not meant for it; without the relay
 * that started it, it ends.
 */
import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { type FromLoader, isToLoader, type LoadOrder } from './messages.ts';
import { SnapshotSender } from './transfer.ts';

/** Added to the niceness of the relay, 19 being the most there is. */
const NICER = 10;
const LEAST = 19;

/** On Linux niceness belongs to a thread, and those that collect garbage run already; elsewhere 0 means the whole process. */
const threads = (): readonly number[] => {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
};

/** Those who serve mail come first. */
const behindOthers = (): void => {
  const niceness = Math.min(getPriority() + NICER, LEAST);
  try {
    for (const thread of threads()) setPriority(thread, niceness);
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

const sender = new SnapshotSender();

const load = async (order: LoadOrder): Promise<void> => {
  const { prepareSnapshot } = await import('./prepare.ts');
  const answer = await prepareSnapshot(order);
  if (answer.snapshot === null) return say({ say: 'refused', reason: answer.reason });
  await sender.send(answer.snapshot, (piece) => void say(piece));
  return say({ say: 'complete' });
};

process.on('message', (message: unknown) => {
  if (!isToLoader(message)) return;
  if (message.say === 'load') void load(message);
  else sender.taken();
});
