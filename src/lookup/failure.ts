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

/** A look-up that brought no answer. «There is no such name» is an answer and never one of these. */
export class LookupFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, about: string, options?: ErrorOptions) {
    super(`${kind}: ${about}`, options);
    this.name = 'LookupFailure';
    this.kind = kind;
  }
}

/** The reason somebody reads: ours as it is, anything else marked as a fault. Control characters are gone. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof LookupFailure ? error.message : `internal fault: ${error instanceof Error ? error.message : String(error)}`;
  return text.replace(/\p{Cc}/gu, ' ');
};
