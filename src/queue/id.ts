import { randomBytes } from 'node:crypto';

/** Distinguishes this process from every other, and from itself after a restart: 40 random bits. */
const processPart = BigInt(`0x${randomBytes(5).toString('hex')}`)
  .toString(36)
  .padStart(8, '0');

let lastTime = 0;
let counter = 0;

/**
 * A queue id that no other process will use: 21 characters of [0-9a-z], ordered by time. `now` is epoch
 * milliseconds. It appears in the 250 reply and the Received field, so it reveals nothing but the time.
 */
export const newQueueId = (now: number): string => {
  const time = Math.max(now, lastTime);
  counter = time === lastTime ? counter + 1 : 0;
  lastTime = time;
  return `${time.toString(36).padStart(9, '0')}${counter.toString(36).padStart(4, '0')}${processPart}`;
};
