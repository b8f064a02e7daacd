import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** The terminal's own echo is off while readline runs; what readline would echo goes here. */
const silence = new Writable({ write: (_chunk, _encoding, done) => done() });

/** One line from standard input, unseen; `prompt` is shown on stderr where a person types. Empty if there is none. */
export const askPassword = async (prompt: string): Promise<string> => {
  const person = process.stdin.isTTY === true;
  if (person) process.stderr.write(prompt);
  const lines = createInterface({ input: process.stdin, output: silence, terminal: person });
  for await (const line of lines) {
    lines.close();
    if (person) process.stderr.write('\n');
    return line;
  }
  return '';
};
