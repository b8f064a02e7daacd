import { clientNetwork } from '../../ledger/client-network.ts';
import type { BackOff } from '../../ledger/login.ts';
import { loginRequest } from '../../ledger/request.ts';
import type { LoginAttempt, LoginShares } from '../../smtp/auth/logins.ts';
import { clientKey } from '../../smtp/client-key.ts';
import type { AskLedger } from './counters.ts';

/** What `limits` says of failed logins. */
export interface LoginLimits {
  readonly authFailuresPerIp: number;
  readonly authFailuresPerUser: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A user is known at an address so long after the last login from it. */
const KEEP = 30 * 24 * HOUR;

/** One count of failures: of a client, of a user, of a user at a client. */
interface Share {
  readonly name: string;
  readonly key: string;
  readonly free: number;
}

const backOff = (free: number): BackOff => ({ free, wait: MINUTE, most: HOUR });

/**
 * Failed logins in the ledger, so that they outlive sessions and processes and hold for all workers. A user is known
 * where they have logged in before; there only the failures of this user at this client count, so that neither guesses from
 * elsewhere nor a neighbour behind the same address lock anybody out.
 */
export const loginShares = (ask: AskLedger, limits: () => LoginLimits): LoginShares => ({
  begin: async (user, ip) => {
    const client = clientKey(ip);
    const network = clientNetwork(ip);
    const pair = JSON.stringify([user, client]);
    const { authFailuresPerIp, authFailuresPerUser } = limits();
    const isKnown = await ask(loginRequest({ name: 'known', key: pair, network }, { step: 'known' }));
    const shares: readonly Share[] = isKnown
      ? [{ name: 'pair', key: pair, free: authFailuresPerIp }]
      : [
          ...(client === '' ? [] : [{ name: 'client', key: client, free: authFailuresPerIp }]),
          { name: 'user', key: user, free: authFailuresPerUser },
        ];
    const step = (kind: 'try' | 'succeed') => (share: Share) =>
      ask(loginRequest({ ...share, network }, { step: kind, ...backOff(share.free) }));
    for (const share of shares) if (await step('try')(share)) return null;
    const succeeded: LoginAttempt['succeeded'] = async () => {
      await Promise.all(shares.map(step('succeed')));
      await ask(loginRequest({ name: 'known', key: pair, network }, { step: 'learn', keep: KEEP }));
    };
    return { isKnown, succeeded };
  },
});
