import { mapping, several } from '../nested-keys.ts';
import { flag, text } from '../scalar-keys.ts';
import { network } from './network.ts';

/** Concessions to old clients, each for those that are named. */
export const compat = several(
  'Concessions to old applications and printers: protocol violations to accept from the networks and listeners named. `lint` lists them.',
  mapping('Concessions to some clients. `from` or `listeners` says to whom; both together, to those that both name.', {
    from: several('Networks of the clients.', network, { default: [] }),
    listeners: several('Listeners on which they come in.', text('Name of a listener.'), { default: [] }),
    bare_addresses: flag('Take `MAIL FROM:a@x` and `RCPT TO:a@x` without angle brackets.', false),
    loose_helo: flag('Take more than one word after HELO or EHLO; the first is the name, `helo.name` has all.', false),
    bare_lf: flag('Take lines that end in a line feed alone, in messages as CR LF. For private or small networks only.', false),
    encode_headers: flag('Write 8-bit bytes in headers as encoded-words, before rules see the header; signed messages excepted.', false),
  }),
  { default: [] },
);
