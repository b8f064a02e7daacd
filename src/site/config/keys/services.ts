import { isIP } from 'node:net';
import { blocklistFault } from '../../../lookup/blocklists.ts';
import type { Finding } from '../../../policy/diagnostic-codes.ts';
import { readAddress } from '../address.ts';
import { derived, type Key } from '../key.ts';
import { mapping, named, oneOrSeveral, several } from '../nested-keys.ts';
import { bytes, text, time } from '../scalar-keys.ts';

/* What look-ups need to know. */

const NOT_A_NAME_SERVER: Finding = {
  message: 'Not the address of a name server',
  help: 'Write its address and port, "127.0.0.1:53" or "[::1]:53"; a name would need a name server itself.',
};

const isNameServer = (written: string): boolean => {
  const read = readAddress(written.includes(':') ? written : `${written}:53`);
  return read?.kind === 'tcp' && isIP(read.host) !== 0 && read.port > 0;
};

const nameServer = text('`127.0.0.1:53` or `[::1]:53`.', {}, (value) =>
  isNameServer(String(value)) ? [] : [{ path: [], code: 'RLY5001', finding: NOT_A_NAME_SERVER }],
);

export const dns = mapping('Which name servers are asked, and for how long.', {
  servers: several('Name servers as `host:port`; empty means those of the system.', nameServer, { default: [] }),
  timeout: time('How long one question may take before the answer is unknown.', '3s'),
  cache: bytes('Memory for the answers that are kept, in each process.', '64MiB'),
});

const checkAnswers: Key<string>['check'] = (value) => {
  const message = blocklistFault(String(value));
  const help = 'Answers are addresses, prefixes or ranges: 127.0.0.2, 127.255.255.0/24 or 127.0.0.4-127.0.0.7.';
  return message === null ? [] : [{ path: [], code: 'RLY5001', finding: { message, help } }];
};

const ANSWERS = text('An address, a prefix or a range.', {}, checkAnswers);

export const dnsbl = named(
  'DNS lists by name; `zen` is the fact `dnsbl.zen`.',
  mapping('One DNS list.', {
    zone: text('Zone that is asked, `zen.spamhaus.org`.'),
    codes: named(
      'Name of a code to the answer it stands for: an address, a prefix, or a range `127.0.0.4-127.0.0.7`.',
      oneOrSeveral('An address, a prefix or a range, or several.', ANSWERS),
    ),
    errors: derived(
      text('Answers in this range mean that the list refused to answer: the fact is unknown.', {}, checkAnswers),
      (): readonly string[] => [],
    ),
  }),
);
