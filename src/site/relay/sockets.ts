import { lstatSync, rmSync } from 'node:fs';
import type { ListenerConfig } from '../config/config.ts';
import { answers } from '../control/answers.ts';

const isSocket = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;

/** Sockets of listeners that a killed relay has left behind, and on which nobody answers: they would keep us from listening. */
export const removeDeadSockets = async (listeners: readonly Pick<ListenerConfig, 'address'>[]): Promise<void> => {
  for (const { address } of listeners)
    if (address.kind === 'unix' && isSocket(address.path) && !(await answers(address.path))) rmSync(address.path, { force: true });
};
