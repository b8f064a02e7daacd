/** Why a look-up failed. The kind begins the reason, so that it can be recognised in a trace. */
export type FailureKind =
  | 'time-out'
  | 'server failure'
  | 'refused'
  | 'unreachable'
  | 'malformed answer'
  | 'given up'
  | 'blocklist error'
  | 'temporary error'
  | 'no message'
  | 'internal fault';

/** A look-up without an answer. "No such name" is an answer, not a failure. */
export class LookupFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, about: string, options?: ErrorOptions) {
    super(`${kind}: ${about}`, options);
    this.name = 'LookupFailure';
    this.kind = kind;
  }
}

/** Converts any thrown value to a failure. */
export const failureOf = (error: unknown): LookupFailure =>
  error instanceof LookupFailure
    ? error
    : new LookupFailure('internal fault', error instanceof Error ? error.message : String(error), { cause: error });

/** A temperror of RFC 8601: the look-up of `about` failed for these causes. */
export const temporaryError = (about: string, causes: readonly Error[]): LookupFailure => {
  const [cause] = causes;
  return new LookupFailure('temporary error', cause === undefined ? about : `${about}, ${cause.message}`, { cause });
};

/** The reason for people to read, without control characters. */
export const reasonOf = (error: unknown): string => failureOf(error).message.replace(/\p{Cc}/gu, ' ');
