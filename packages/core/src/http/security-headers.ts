import type { ResponseHeaders } from './node/node-response.ts'

/** Headers to replace or, with undefined, to leave out. */
export type SecurityHeaders = Readonly<Record<string, string | undefined>>

/** For an interface whose answers no page shows, embeds or runs. */
const strict: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** The headers that every answer gets unless its handler set them itself. */
export function securityHeaders(changes: SecurityHeaders | false | undefined): ResponseHeaders {
  if (changes === false) return {}
  const headers: ResponseHeaders = { ...strict }
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === undefined) delete headers[name.toLowerCase()]
    else headers[name.toLowerCase()] = value
  }
  return headers
}
