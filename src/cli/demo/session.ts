import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** One session as a client plays it: what it says, one entry per command; a message has several lines. */
export type Lines = readonly string[];

/** What a load balancer says of a client from the internet. */
const STRANGER = 'PROXY TCP4 203.0.113.9 127.0.0.1 40000 25';

/**
 * Plays a session of a client at 203.0.113.9, each command after the reply to the one before, and stops at the first that is refused.
 * Resolves to the last reply that says something about the mail. `address` is `127.0.0.1:2525`.
 */
export const converse = async (address: string, lines: Lines): Promise<string> => {
  const socket = connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await replies.next();
      if (done) throw new Error('the relay hung up');
      if (value[3] !== '-') return value;
    }
  };
  socket.write(`${STRANGER}\r\n`);
  let last = await reply();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    last = await reply();
    if (!/^[23]/.test(last)) break;
  }
  socket.write('QUIT\r\n');
  socket.end();
  await once(socket, 'close');
  return last;
};
