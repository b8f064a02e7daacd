import { relaying } from '../mail/relaying.ts';
import type { Row } from '../row.ts';

export const row: Row = {
  name: 'relay 2 KiB, a new connection per message',
  unit: 'us of CPU a message',
  better: 'lower',
  run: (rounds) => relaying({ messages: 1000, size: 2048, sessions: 20, reconnect: true }, rounds),
};
