/** Why nothing could be found out. Each stays distinguishable in a trace: it is the first word of the reason. */
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

/** A look-up that brought no answer. "There is no such name" is an answer and never one of these. */
export class LookupFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, about: string, options?: ErrorOptions) {
    super(`${kind}: ${about}`, options);
    this.name = 'LookupFailure';
    this.kind = kind;
  }
}

/** Whatever was thrown, as a failure. */
export const failureOf = (error: unknown): LookupFailure =>
  error instanceof LookupFailure
    ? error
    : new LookupFailure('internal fault', error instanceof Error ? error.message : String(error), { cause: error });

/** What RFC 8601 calls a temperror: `about` could not be found out, and this is why. */
export const temporaryError = (about: string, causes: readonly Error[]): LookupFailure => {
  const [cause] = causes;
  return new LookupFailure('temporary error', cause === undefined ? about : `${about}, ${cause.message}`, { cause });
};

/** The reason somebody reads, without control characters. */
export const reasonOf = (error: unknown): string => failureOf(error).message.replace(/\p{Cc}/gu, ' ');
