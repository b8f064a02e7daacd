import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { entry, oneOrMany } from '../../read/parts.ts';
import type { ActionSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const greylistKey: LintCheck = {
  name: 'greylist-key',
  codes: ['RLY4042'],
  doc: 'A greylist recognises a retry from another address of the same sender.',
  avoid: `
rules:
  - { id: first-time, on: rcpt, when: { sender.null: false }, then: { greylist: { key: [client.ip, sender.address] } } }
`,
  prefer: `
rules:
  - { id: first-time, on: rcpt, when: { sender.null: false }, then: { greylist: { key: [client.net, sender.address] } } }
`,
  check: ({ files }) =>
    files
      .flatMap((file) => file.rules)
      .flatMap(({ actions }) => actions)
      .filter(({ action }) => action === 'greylist')
      .flatMap(checkAction),
};

/** What is different at the next attempt, with what to use instead. */
const CHANGING: ReadonlyMap<unknown, string> = new Map([
  ['client.ip', 'Write client.net: the network is the same when another host of the sender retries (RFC 6647 2.1).'],
  ['client.port', 'Delete it: every connection has another port.'],
  ['connection.id', 'Delete it: every connection has another one.'],
  ['client.rdns', 'Write client.net: the next host of the sender has another name.'],
  ['helo.name', 'Write client.net: the next host of the sender gives another name.'],
]);

const checkAction = ({ argument }: ActionSyntax): readonly Diagnostic[] => {
  const key = entry(argument, 'key');
  return (key === null ? [] : oneOrMany(key)).flatMap(({ value, at }) => {
    const help = CHANGING.get(value);
    return help === undefined
      ? []
      : [diagnose('RLY4042', at, { message: `The greylist takes a retry with another ${String(value)} for a first attempt`, help })];
  });
};
