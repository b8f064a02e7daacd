import { CONNECTIONS } from './connections.ts';
import { FLOODS } from './floods.ts';
import { MANY_CLIENTS } from './many-clients.ts';
import { MESSAGES } from './messages.ts';
import { SLOW } from './slow.ts';
import type { Attack } from './sockets.ts';

/** For comparison. */
const none: Attack = () => setInterval(() => undefined, 1000);

export const ATTACKS: Readonly<Record<string, Attack>> = {
  none,
  reloads: FLOODS['rcpt flood'] ?? none,
  ...FLOODS,
  ...SLOW,
  ...CONNECTIONS,
  ...MESSAGES,
  ...MANY_CLIENTS,
};
