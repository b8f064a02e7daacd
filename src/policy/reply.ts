/** A reply to the SMTP client: bland text, never the whole story. RFC 5321 4.2, RFC 3463. */
export interface Reply {
  readonly code: number;
  /** Enhanced status code without spaces, `5.7.1`. */
  readonly enhanced: string;
  readonly text: string;
}
