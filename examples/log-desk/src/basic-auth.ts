import { equalSecrets } from '@exprsn/core/bytes'
import type { Authenticator } from '@exprsn/core/http'

/**
 * One password for all operators, as browsers ask for it by themselves; whatever the name. A browser also sends it by itself, also
 * where another site makes it: what comes from one is guarded like a cookie.
 */
export function basicAuth(key: string): Authenticator {
  return {
    name: 'basic',
    scheme: { type: 'http', scheme: 'basic' },
    challenge: 'Basic realm="log desk", charset="UTF-8"',
    authenticate({ headers }) {
      const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(headers.get('authorization') ?? '') ?? []
      if (encoded === undefined) return undefined
      const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
      if (!equalSecrets(password, key)) return undefined
      const via = headers.has('sec-fetch-site') || headers.has('origin') ? 'cookie' : 'header'
      return { subject: 'operator', kind: 'api-key', via, roles: [], scopes: [], claims: {} }
    },
  }
}
