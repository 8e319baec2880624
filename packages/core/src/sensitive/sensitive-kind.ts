/** Everything a scanner can look for. */
export const sensitiveKinds = [
  'card',
  'iban',
  'private-key',
  'jwt',
  'api-key',
  'secret',
  'url-password',
  'email',
  'phone',
  'ip',
] as const

/**
 * - `card`: payment card numbers (ISO/IEC 7812) of a known network and length, with a right check digit
 * - `iban`: bank account numbers (ISO 13616) of a known country and length, with right check digits
 * - `private-key`: PEM blocks
 * - `jwt`: signed tokens (RFC 7519)
 * - `api-key`: keys whose form names their issuer, such as AWS, GitHub, Google, npm, Slack and Stripe
 * - `secret`: what stands next to a name like `password` or `token`
 * - `url-password`: the password in `scheme://user:password@host`
 * - `email`, `phone` (with `+` and a country code), `ip` (version 4 and 6)
 */
export type SensitiveKind = (typeof sensitiveKinds)[number]

/** Where something was found: `text.slice(start, end)`, in UTF-16 units. */
export interface Finding {
  readonly kind: SensitiveKind
  readonly start: number
  readonly end: number
}

/** What a detector gives: where its match begins and ends. */
export interface Span {
  readonly start: number
  readonly end: number
}
