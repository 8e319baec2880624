import type { ApiKeys } from '../auth/api-keys.ts'
import type { Identity } from '../auth/identity.ts'
import type { JwtVerifier } from '../auth/jwt-verifier.ts'
import { headerOf } from './request-parts.ts'

/** Finds out who a request comes from. */
export interface Authenticator {
  /** The name of the security scheme in descriptions. */
  readonly name: string
  /** The security scheme as OpenAPI writes it. */
  readonly scheme: Readonly<Record<string, unknown>>
  /** For the header `WWW-Authenticate` of a refusal. */
  readonly challenge?: string | undefined
  /** @returns undefined when the request carries no credential of this kind; one that is wrong throws. */
  authenticate(request: Request): Identity | undefined | Promise<Identity | undefined>
}

/** Options of {@link apiKeyAuth}. */
export interface ApiKeyAuthOptions {
  /** Knows the keys: from `createApiKeys`. */
  readonly keys: Pick<ApiKeys, 'verify'>
  /** The header that carries the key. @default 'x-api-key' */
  readonly header?: string | undefined
}

/**
 * Authenticates by an API key in a header.
 *
 * @example
 * ```ts
 * import { createApiKeys } from '@exprsn/core/auth'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { apiKeyAuth, createRouter } from '@exprsn/core/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const keys = createApiKeys({ database })
 * await migrate(database, [keys.migrations])
 * const { text } = await keys.create({ subject: 'reports' })
 * const router = createRouter({ auth: apiKeyAuth({ keys }) })
 * router.route({ method: 'GET', path: '/me', handler: ({ identity }) => ({ subject: identity?.subject }) })
 * const request = new Request('http://localhost/me', { headers: { 'x-api-key': text.reveal() } })
 * console.log(await (await router.fetch(request)).json()) // { subject: 'reports' }
 * ```
 */
export function apiKeyAuth({ keys, header = 'x-api-key' }: ApiKeyAuthOptions): Authenticator {
  const name = header.toLowerCase()
  return {
    name: 'apiKey',
    scheme: { type: 'apiKey', in: 'header', name },
    authenticate(request) {
      const text = headerOf(request, name)
      return text === undefined ? undefined : keys.verify(text, { signal: request.signal })
    },
  }
}

/** Options of {@link jwtAuth}. */
export interface JwtAuthOptions {
  /** Checks the tokens: from `createJwtVerifier`. */
  readonly verifier: JwtVerifier
  /** A cookie that may carry the token in place of the header `Authorization`; CSRF is then checked. @default none */
  readonly cookie?: string | undefined
}

/**
 * Authenticates by a JSON Web Token: `Authorization: Bearer …`, or a cookie.
 *
 * @example
 * ```ts
 * import { createJwtVerifier } from '@exprsn/core/auth'
 * import { createRouter, jwtAuth } from '@exprsn/core/http'
 *
 * const secret = new TextEncoder().encode('a secret of at least thirty-two bytes')
 * const verifier = createJwtVerifier({ issuer: 'https://id.example', audience: 'api', secret })
 * const router = createRouter({ auth: jwtAuth({ verifier }) })
 * router.route({ method: 'GET', path: '/me', handler: ({ identity }) => ({ subject: identity?.subject }) })
 * console.log((await router.fetch(new Request('http://localhost/me'))).status) // 401
 * ```
 */
export function jwtAuth({ verifier, cookie }: JwtAuthOptions): Authenticator {
  return {
    name: 'bearer',
    scheme: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    challenge: 'Bearer',
    async authenticate(request) {
      const bearer = /^bearer +([\w.~+/=-]+) *$/i.exec(headerOf(request, 'authorization') ?? '')?.[1]
      if (bearer !== undefined) return await verifier.verify(bearer)
      const token = cookie === undefined ? undefined : cookieOf(request, cookie)
      return token === undefined ? undefined : { ...(await verifier.verify(token)), via: 'cookie' }
    },
  }
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (headerOf(request, 'cookie') ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}
