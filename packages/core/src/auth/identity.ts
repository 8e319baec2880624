/** Who a request comes from, once the credential was checked. */
export interface Identity {
  /** The stable name of a user, service or key. */
  readonly subject: string
  readonly kind: 'api-key' | 'jwt' | 'session'
  /** How the credential came: a browser sends a cookie by itself, also for other sites. */
  readonly via: 'header' | 'cookie'
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** What the credential says beyond that: the claims of a token, the metadata of a key. */
  readonly claims: Readonly<Record<string, unknown>>
}
