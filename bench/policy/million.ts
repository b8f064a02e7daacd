import type { Membership } from '../../src/policy/definition.ts';
import { compileEntries } from '../../src/policy/lists/compile.ts';
import { lists } from '../../src/policy/lists/index.ts';
import { readListFile } from '../../src/policy/read/list-file.ts';

const MILLION = 1_000_000;

/** A file of a million addresses, one a line. */
export const millionAddresses = (): string => {
  let text = '';
  for (let n = 0; n < MILLION; n++) text += `user${n}@d${n % 1000}.example\n`;
  return text;
};

/** The file as a list of the policy. */
export const listOf = (text: string): Membership => {
  const address = lists.get('address');
  if (address === undefined) throw new Error('there are no lists of addresses');
  const entries = readListFile('config/lists/million.txt', text);
  return compileEntries(
    address,
    entries.map((entry) => entry.text),
  ).membership;
};
