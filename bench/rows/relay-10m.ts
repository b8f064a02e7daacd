import { relaying } from '../mail/relaying.ts';
import type { Row } from '../row.ts';

export const row: Row = {
  name: 'relay 10 MB, connections kept',
  unit: 'us of CPU a message',
  better: 'lower',
  run: (rounds) => relaying({ messages: 8, size: 10_000_000, sessions: 4, reconnect: false }, rounds),
};
