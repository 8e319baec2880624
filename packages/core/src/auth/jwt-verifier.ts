import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { authErrors } from './errors.ts'
import type { Identity } from './identity.ts'
import { loadJose, type Jose } from './load-jose.ts'

/** Signature algorithms that a verifier can be told to accept. `none` is not among them. */
export type JwtAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'
  | 'HS256'
  | 'HS384'
  | 'HS512'

/** Options of {@link createJwtVerifier}. */
export interface JwtVerifierOptions {
  /** The `iss` that tokens must have. */
  readonly issuer: string
  /** The `aud` that tokens must have: this service. */
  readonly audience: string
  /** Where the issuer publishes its keys. They are cached, and fetched again when a token names an unknown one. */
  readonly jwksUrl?: string | undefined
  /** The keys themselves, as a JWK set, in place of `jwksUrl`. */
  readonly jwks?: { readonly keys: readonly object[] } | undefined
  /** A shared secret of 32 bytes or more, in place of both; only for the HS algorithms. */
  readonly secret?: Uint8Array | undefined
  /** What may sign. @default ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'], with `secret` ['HS256'] */
  readonly algorithms?: readonly JwtAlgorithm[] | undefined
  /** How far the issuer's clock may be off. @default '30s' */
  readonly clockTolerance?: Duration | undefined
  /** How long fetched keys are used without asking again. @default '10m' */
  readonly jwksMaxAge?: Duration | undefined
  /** The least time between two fetches of keys, however many unknown ones are named. @default '30s' */
  readonly jwksCooldown?: Duration | undefined
  /** The claim that lists roles: an array, or a text with blanks. @default 'roles' */
  readonly rolesClaim?: string | undefined
  /** Used for the issuer's keys. @default the platform's fetch */
  readonly fetch?: typeof fetch | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Checks tokens of one issuer. */
export interface JwtVerifier {
  /**
   * @throws `CORE_AUTH_TOKEN_INVALID`, `CORE_AUTH_TOKEN_EXPIRED`, `CORE_AUTH_KEYS_UNAVAILABLE`, `CORE_AUTH_JOSE_MISSING`
   */
  verify(token: string): Promise<Identity>
}

const asymmetric: readonly JwtAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']
const shortestSecret = 32
const longestToken = 16_384

/**
 * Verifies JSON Web Tokens (RFC 7519, with the rules of RFC 8725) through the package jose: algorithms from a list,
 * issuer, audience, subject and expiry required.
 *
 * @example
 * ```ts
 * import { createJwtVerifier } from '@exprsn/core/auth'
 *
 * const secret = new TextEncoder().encode('a secret of at least thirty-two bytes')
 * const verifier = createJwtVerifier({ issuer: 'https://id.example', audience: 'api', secret })
 * await verifier.verify('no token').catch((error) => console.log(error.code)) // CORE_AUTH_TOKEN_INVALID
 * ```
 */
export function createJwtVerifier(options: JwtVerifierOptions): JwtVerifier {
  const { issuer, audience, secret, clock = systemClock, rolesClaim = 'roles' } = options
  const algorithms = checkOptions(options)
  const clockTolerance = milliseconds(options.clockTolerance ?? '30s') / 1_000
  let keys: unknown
  return {
    async verify(token) {
      if (token.length > longestToken) throw invalid('it is too long')
      const jose = await loadJose()
      keys ??= secret ?? keySet(jose, options)
      const currentDate = new Date(clock.now())
      const requiredClaims = ['sub', 'exp']
      const rules = { issuer, audience, algorithms, clockTolerance, currentDate, requiredClaims }
      try {
        const { payload } = await jose.jwtVerify(token, keys, rules)
        return identityOf(payload, rolesClaim)
      } catch (error) {
        throw tokenError(error)
      }
    },
  }
}

function checkOptions(options: JwtVerifierOptions): readonly JwtAlgorithm[] {
  const { issuer, audience, jwksUrl, jwks, secret } = options
  const refuse = (option: string, value: unknown): never => {
    throw authErrors.CORE_AUTH_OPTION_INVALID({ option, value })
  }
  if (typeof issuer !== 'string' || issuer === '') refuse('issuer', issuer)
  if (typeof audience !== 'string' || audience === '') refuse('audience', audience)
  if ([jwksUrl, jwks, secret].filter((source) => source !== undefined).length !== 1)
    refuse('jwksUrl, jwks or secret', 'other than exactly one of them')
  if (jwksUrl !== undefined && !URL.canParse(jwksUrl)) refuse('jwksUrl', jwksUrl)
  if (secret !== undefined && secret.byteLength < shortestSecret)
    refuse('secret', `shorter than ${shortestSecret} bytes`)
  const algorithms = options.algorithms ?? (secret === undefined ? asymmetric : ['HS256'])
  // A public key taken for a shared secret would let anybody sign (RFC 8725 §2.1).
  for (const algorithm of algorithms)
    if (algorithm.startsWith('HS') !== (secret !== undefined)) refuse('algorithms', algorithm)
  if (algorithms.length === 0) refuse('algorithms', 'an empty list')
  return algorithms
}

function keySet(jose: Jose, options: JwtVerifierOptions): unknown {
  if (options.jwks !== undefined) return jose.createLocalJWKSet(options.jwks as never)
  return jose.createRemoteJWKSet(new URL(options.jwksUrl!), {
    cacheMaxAge: milliseconds(options.jwksMaxAge ?? '10m'),
    cooldownDuration: milliseconds(options.jwksCooldown ?? '30s'),
    ...(options.fetch === undefined ? {} : { [jose.customFetch]: options.fetch }),
  })
}

function identityOf(payload: Readonly<Record<string, unknown>>, rolesClaim: string): Identity {
  const { sub, scope } = payload
  if (typeof sub !== 'string' || sub === '') throw invalid('its subject is empty')
  const roles = words(Object.hasOwn(payload, rolesClaim) ? payload[rolesClaim] : undefined)
  const scopes = words(scope ?? payload['scp'])
  return { subject: sub, kind: 'jwt', via: 'header', roles, scopes, claims: payload }
}

function words(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '')
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []
}

/** Reasons by jose's codes, none of which repeats a part of the token. */
const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'a claim is missing or does not fit',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature does not fit',
  ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not accepted',
  ERR_JWKS_NO_MATCHING_KEY: 'it names a key that the issuer does not have',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which of the issuer’s keys signed it',
}

function tokenError(cause: unknown): Error {
  const { code = '', name } = cause as { code?: string; name?: string }
  if (code.startsWith('CORE_AUTH')) return cause as Error
  if (code === 'ERR_JWT_EXPIRED') return authErrors.CORE_AUTH_TOKEN_EXPIRED({}, { cause })
  const unreachable = code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JWKS_INVALID' || code === 'ERR_JOSE_GENERIC'
  if (unreachable || name === 'AbortError' || (cause instanceof TypeError && code === ''))
    return authErrors.CORE_AUTH_KEYS_UNAVAILABLE({}, { cause })
  return invalid(reasons[code] ?? 'it is malformed', cause)
}

function invalid(reason: string, cause?: unknown) {
  return authErrors.CORE_AUTH_TOKEN_INVALID({ reason }, { cause })
}
