import { relaying } from '../mail/relaying.ts';
import type { Row } from '../row.ts';

export const row: Row = {
  name: 'relay 100 KiB, connections kept',
  unit: 'us of CPU a message',
  better: 'lower',
  run: (rounds) => relaying({ messages: 400, size: 100 * 1024, sessions: 20, reconnect: false }, rounds),
};
