import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One message as the relay delivered it. */
export interface Delivered {
  readonly recipient: string;
  readonly message: string;
}

/** What is in the maildir into which the shipped rules deliver, in no order. */
export const readMailStore = async (root: string): Promise<readonly Delivered[]> => {
  const folder = join(root, 'var/mail/new');
  const messages = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return messages.map((message) => ({ recipient: /^Delivered-To: (.*)\r$/m.exec(message)?.[1] ?? '', message }));
};
