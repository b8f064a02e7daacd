/** What a site keeps beside its policies, as it stood on the disk when the site was read. Never logged, never shown. */
export interface Secrets {
  /** PEM; `null` without `tls:`. */
  readonly tls: { readonly cert: Uint8Array; readonly key: Uint8Array } | null;
  /** The users file; `null` without `auth:`. */
  readonly users: string | null;
  /** PEM of DKIM keys, by the path that `sign_dkim` resolves to. */
  readonly keys: ReadonlyMap<string, string>;
  /** Passwords of routes, by the path of their file. */
  readonly passwords: ReadonlyMap<string, string>;
}
