import { alternate } from '../alternate.ts';
import { listOf, millionAddresses } from '../policy/million.ts';
import type { Row } from '../row.ts';

const CALLS = 200_000;

/** Every other one is in the list. Texts are made anew for each look-up, as those that a client sends. */
const asked = (n: number): string => `user${(n * 7919) % 1_000_000}@d${n % 2 === 0 ? ((n * 7919) % 1_000_000) % 1000 : 'x'}.example`;

export const row: Row = {
  name: 'a look-up in a list of a million addresses',
  unit: 'us of CPU a look-up, the making of its text included',
  better: 'lower',
  run: async (rounds) => {
    const text = millionAddresses();
    const list = listOf(text);
    const set = new Set(text.split('\n'));
    let ours = 0;
    let floor = 0;
    return alternate(
      CALLS,
      rounds,
      () => void list.has(asked(ours++)),
      () => void set.has(asked(floor++)),
    );
  },
};
