import { running } from '../commands/running.ts';
import type { Row } from '../row.ts';

export const row: Row = {
  name: 'relayctl version',
  unit: 'ms of CPU',
  better: 'lower',
  run: async (rounds) => running(['version'], rounds),
};
