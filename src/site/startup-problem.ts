import { AlreadyRunning } from './control/listen.ts';

/** What to do about an address that cannot be had, by the code of the system. */
const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use; stop the program that listens there (`ss -ltnp` shows it), or choose another address',
  EACCES: 'permission denied; ports below 1024 need CAP_NET_BIND_SERVICE (or start as root), a socket needs a folder that can be written',
  EADDRNOTAVAIL: 'this machine has no such address (`ip address` shows those it has); 0.0.0.0 or [::] stands for all',
  ENOTFOUND: 'there is no host of this name; write an address',
};

/** As Node words it: `listen EADDRINUSE: address already in use 127.0.0.1:25`, `bind EACCES 0.0.0.0:25`. */
const FAILURE = /^(?:listen|bind|getaddrinfo) ([A-Z]+)\b.*?(\S+)$/;

/** What keeps a relay from starting, in a line for a person; `null`: a fault that the log has to tell with its whole story. */
export const startupProblem = (error: unknown): string | null => {
  if (error instanceof AlreadyRunning)
    return `${error.message}; stop it first (\`relayctl status\` has its pid), or give this one another queue.path`;
  const [, code = '', address = ''] = FAILURE.exec(error instanceof Error ? error.message : '') ?? [];
  const advice = ADVICE[code];
  return advice === undefined ? null : `cannot listen on ${address}: ${advice} (listeners and admin in relay.yaml)`;
};
