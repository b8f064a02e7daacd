/** The TLS session of a connection. */
export interface TlsState {
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** The name the client asked for, or `null`. */
  readonly sni: string | null;
  /** `CN=app,O=Example` of a verified client certificate, or `null`. */
  readonly clientSubject: string | null;
  /** SHA-256 of the client's certificate, verified or not, hex pairs with colons; `null` without one. */
  readonly clientFingerprint: string | null;
}
