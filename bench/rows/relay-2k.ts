import { relaying } from '../mail/relaying.ts';
import type { Row } from '../row.ts';

export const row: Row = {
  name: 'relay 2 KiB, connections kept',
  unit: 'us of CPU a message',
  better: 'lower',
  run: (rounds) => relaying({ messages: 2000, size: 2048, sessions: 20, reconnect: false }, rounds),
};
