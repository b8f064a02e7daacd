export interface Credentials {
  readonly method: 'PLAIN' | 'LOGIN';
  readonly user: string;
  readonly password: string;
}

/** Failed logins across all sessions of the relay, counted by client and by user. */
export interface LoginShares {
  /**
   * A login is about to be checked. `null`: refused after too many failures. Unknown users count like any other.
   * `ip` is empty where clients have no address. Rejects if the counts are unavailable.
   */
  begin(user: string, ip: string): Promise<LoginAttempt | null>;
}

export interface LoginAttempt {
  /** The user has logged in from this client before. */
  readonly isKnown: boolean;
  /** The password was right. Unless this is called, the attempt counts as a failure. */
  readonly succeeded: () => Promise<void>;
}

/** A client waiting for its password to be checked. */
export interface Waiting {
  /** An address or an IPv6 /64. */
  readonly client: string;
  readonly isKnown: boolean;
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal;
}
