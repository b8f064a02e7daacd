/** Why a look-up failed: the kinds that services share. A service declares its own in its file, as services/blocklists.ts does. */
export interface FailureKinds {
  'time-out': true;
  'server failure': true;
  refused: true;
  unreachable: true;
  'malformed answer': true;
  'given up': true;
  'temporary error': true;
  'no message': true;
  /** The look-up is not configured. Lint rejects policies that use it (RLY2021). */
  'not configured': true;
  'internal fault': true;
}

/** The kind begins the reason, so that it can be recognised in a trace. */
export type FailureKind = keyof FailureKinds;

/** A look-up without an answer. "No such name" is an answer, not a failure. */
export class LookupFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, about: string, options?: ErrorOptions) {
    super(`${kind}: ${about}`, options);
    this.name = 'LookupFailure';
    this.kind = kind;
  }
}

/** Error codes of sockets, getaddrinfo and fetch (undici) for a server that cannot be reached. */
const NETWORK_CODE = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_|EPIPE|UND_ERR_)/;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Every error of `fetch` is a TypeError; what happened is its cause. */
const origin = (error: unknown): unknown => (error instanceof TypeError && error.cause instanceof Error ? error.cause : error);

const kindOf = (error: unknown): FailureKind => {
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || codeOf(error) === 'ETIMEDOUT') return 'time-out';
  if (name === 'AbortError') return 'given up';
  return NETWORK_CODE.test(codeOf(error)) ? 'unreachable' : 'internal fault';
};

/** Converts any thrown value to a failure. What a service throws over a connection that fails is no fault of ours. */
export const failureOf = (error: unknown): LookupFailure => {
  if (error instanceof LookupFailure) return error;
  const cause = origin(error);
  return new LookupFailure(kindOf(cause), cause instanceof Error ? cause.message : String(cause), { cause: error });
};

/** A temperror of RFC 8601: the look-up of `about` failed for these causes. */
export const temporaryError = (about: string, causes: readonly Error[]): LookupFailure => {
  const [cause] = causes;
  return new LookupFailure('temporary error', cause === undefined ? about : `${about}, ${cause.message}`, { cause });
};

/** The reason for people to read, without control characters. */
export const reasonOf = (error: unknown): string => failureOf(error).message.replace(/\p{Cc}/gu, ' ');
