export interface Credentials {
  readonly method: 'PLAIN' | 'LOGIN';
  readonly user: string;
  readonly password: string;
}

/** Failed logins over all sessions of the relay, counted by client and by user. */
export interface LoginShares {
  /**
   * A login is about to be checked. `null`: refused, too many have failed. An unknown user counts like any other.
   * `ip` is empty where clients have no address. Rejects if it cannot be found out.
   */
  begin(user: string, ip: string): Promise<LoginAttempt | null>;
}

export interface LoginAttempt {
  /** The user has logged in from there before. */
  readonly isKnown: boolean;
  /** The password was right: the attempt is no failure. Without this it counts as one. */
  readonly succeeded: () => Promise<void>;
}

/** Who waits for the check of a password. */
export interface Waiting {
  /** An address or an IPv6 /64. */
  readonly client: string;
  readonly isKnown: boolean;
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal;
}
