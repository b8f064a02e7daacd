/** Why a signature does not count: PERMFAIL of RFC 6376 3.9, with the result words of RFC 8601 2.7.1. */
export class SignatureError extends Error {
  /** `fail`: verified and wrong; `permerror`: can never be verified; `policy`: valid but not acceptable to us. */
  readonly result: 'fail' | 'permerror' | 'policy';
  constructor(result: 'fail' | 'permerror' | 'policy', reason: string) {
    super(reason);
    this.result = result;
  }
}

/** Throws the `permerror` required by RFC 6376 6.1.1 and 6.1.2 unless `holds`. */
export function required(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new SignatureError('permerror', reason);
}
