import { readdirSync, readFileSync } from 'node:fs';

/** Of the system's clock for CPU time, `_SC_CLK_TCK`: the same on every Linux. */
const TICKS_PER_SECOND = 100;

interface Usage {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

const usageOf = (pid: string): readonly Usage[] => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, parent = '', , , , , , , , , , user = '', system = '', ofEnded = '', systemOfEnded = ''] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ');
    const ticks = [user, system, ofEnded, systemOfEnded].reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(pid), parent: Number(parent), ticks }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
};

/** Seconds of CPU that a process and all below it have used so far, those that have ended included. Linux only. */
export const cpuOf = (root: number): number => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(usageOf);
  const tree = new Set([root]);
  for (let before = 0; before < tree.size; ) {
    before = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.reduce((sum, { pid, ticks }) => sum + (tree.has(pid) ? ticks : 0), 0) / TICKS_PER_SECOND;
};
