import { connect } from 'node:net';
import type { Question } from './protocol.ts';
import { controlSocket } from './socket-path.ts';

/** Nobody listens: the relay of this queue does not run. */
export class NotRunning extends Error {
  constructor() {
    super('the relay is not running');
  }
}

const isAbsence = (error: Error): boolean => 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED');

/**
 * Puts one question to the relay that runs on the queue and resolves to its answer, as JSON gives it.
 * Rejects with `NotRunning`, or when the relay goes away before it has answered.
 */
export const askRelay = (queuePath: string, question: Question): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = connect(controlSocket(queuePath));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', (error) => reject(isAbsence(error) ? new NotRunning() : error));
    socket.on('end', () => {
      socket.end();
      if (answer.endsWith('\n')) resolve(JSON.parse(answer));
      else reject(new Error('the relay exited before it answered'));
    });
  });
