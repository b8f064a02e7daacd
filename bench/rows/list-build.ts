import { alternate } from '../alternate.ts';
import { listOf, millionAddresses } from '../policy/million.ts';
import type { Row } from '../row.ts';

/** The yardstick: the lines in a set, neither checked nor normalised. */
export const row: Row = {
  name: 'a list of a million addresses, read and compiled',
  unit: 'us of CPU',
  better: 'lower',
  run: async (rounds) => {
    const text = millionAddresses();
    return alternate(
      1,
      rounds,
      () => void listOf(text),
      () => void new Set(text.split('\n')),
    );
  },
};
