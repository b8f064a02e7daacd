import type { Round } from './row.ts';

/** CPU of this process. Microseconds. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const cost = (work: () => void, calls: number): number => {
  const began = cpu();
  for (let call = 0; call < calls; call++) work();
  return (cpu() - began) / calls;
};

/** Both in turn, so many calls a round, in microseconds of CPU a call. The first round of each warms up. */
export const alternate = (calls: number, rounds: number, ours: () => void, floor: () => void): readonly Round[] => {
  cost(ours, calls);
  cost(floor, calls);
  return Array.from({ length: rounds }, () => ({ ours: cost(ours, calls), floor: cost(floor, calls) }));
};
