import { isIP } from 'node:net';
import type { Finding } from '../../../../policy/diagnostic-codes.ts';
import { readAddress } from '../../address.ts';
import { mapping, several } from '../../nested-keys.ts';
import { bytes, text, time } from '../../scalar-keys.ts';
import { serviceKey } from '../../site-key.ts';

const NOT_A_NAME_SERVER: Finding = {
  message: 'Not the address of a name server',
  help: 'Write its address and port, "127.0.0.1:53" or "[::1]:53"; looking up a name would itself need a name server.',
};

const isNameServer = (written: string): boolean => {
  const read = readAddress(written.includes(':') ? written : `${written}:53`);
  return read?.kind === 'tcp' && isIP(read.host) !== 0 && read.port > 0;
};

const nameServer = text('`127.0.0.1:53` or `[::1]:53`.', {}, (value) =>
  isNameServer(String(value)) ? [] : [{ path: [], code: 'RLY5001', finding: NOT_A_NAME_SERVER }],
);

export const dns = serviceKey(
  mapping('Which name servers are asked, and for how long.', {
    servers: several('Name servers as `host:port`; empty means those of the system.', nameServer, { default: [] }),
    timeout: time('How long one question may take before the answer is unknown.', '3s'),
    cache: bytes('Memory for the answers that are kept, in each process.', '64MiB'),
  }),
  { decidesPolicy: false },
);
