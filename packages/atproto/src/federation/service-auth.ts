import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '@exprsn/core'
import { parseDidKey } from '../codec/index.ts'
import { verifySignature } from '../crypto/index.ts'
import { isDid } from '../syntax/index.ts'
import { federationErrors } from './errors.ts'
import { memoryTokens, type UsedTokens } from './used-tokens.ts'

const longest = 4_096
const skew = 60_000

/** Options of {@link createServiceAuth}. */
export interface ServiceAuthOptions {
  /** Who this service is: its DID, or several names of it, with a fragment where tokens name one. */
  readonly audience: string | readonly string[]
  /** The key of an account, as a did:key; `refresh` asks past every cache. `createIdentityResolver` has it. */
  readonly resolveSigningKey: (
    did: string,
    options: { readonly refresh: boolean; readonly signal?: AbortSignal | undefined },
  ) => Promise<string>
  /** Which tokens were used. @default memoryTokens() */
  readonly used?: UsedTokens | undefined
  /** Longest life of a token in milliseconds: who takes longer ones has to remember more. @default 3600000 */
  readonly longestLife?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Who a service token speaks for. */
export interface ServiceCaller {
  readonly did: string
}

/** Checks the tokens with which hosts of accounts ask this service. */
export interface ServiceAuth {
  /**
   * Checks a token for a method; it works once.
   *
   * @throws `ATPROTO_SERVICE_TOKEN_INVALID`, `ATPROTO_SERVICE_TOKEN_REPLAYED`; what `resolveSigningKey` throws
   */
  verify(
    token: string,
    options: {
      /** The NSID of the method that is called. */
      readonly method: string
      /** Gives up the question for the account's key. */
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<ServiceCaller>
  /** The caller of a request with `Authorization: Bearer …`; undefined without one. */
  authenticate(request: Request, method: string): Promise<ServiceCaller | undefined>
}

/**
 * Checks service tokens: the signature by the account's own key, that the token is for this service (`aud`) and this method
 * (`lxm`), that it has not run out (`exp`) and was not used before (`jti`). A key that was changed a moment ago is asked for anew
 * once. Format: https://atproto.com/specs/xrpc#inter-service-authentication-jwt
 *
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createServiceAuth } from '@exprsn/atproto/federation'
 *
 * const key = createSigningKey('k256')
 * const auth = createServiceAuth({
 *   audience: 'did:web:feeds.example',
 *   resolveSigningKey: async () => key.didKey, // in earnest: from the account's document
 * })
 * const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
 * const exp = Math.floor(Date.now() / 1000) + 60
 * const claims = { iss: 'did:plc:example', aud: 'did:web:feeds.example', lxm: 'com.example.ping', exp, jti: '1' }
 * const text = `${part({ typ: 'JWT', alg: 'ES256K' })}.${part(claims)}`
 * const token = `${text}.${Buffer.from(key.sign(Buffer.from(text))).toString('base64url')}`
 * console.log((await auth.verify(token, { method: 'com.example.ping' })).did) // did:plc:example
 * ```
 */
export function createServiceAuth(options: ServiceAuthOptions): ServiceAuth {
  const { resolveSigningKey, longestLife = 3_600_000, clock = systemClock } = options
  const { used = memoryTokens({ clock }) } = options
  const audiences = new Set(typeof options.audience === 'string' ? [options.audience] : options.audience)

  async function verify(
    token: string,
    { method, signal }: Parameters<ServiceAuth['verify']>[1],
  ): Promise<ServiceCaller> {
    const { text, header, claims, signature } = partsOf(token)
    const { iss, aud, lxm, exp, iat, jti } = claims
    const now = clock.now()
    if (header.typ !== undefined && header.typ !== 'JWT') throw invalid('it is a token of another kind')
    const did = typeof iss === 'string' ? iss.replace(/#atproto$/, '') : ''
    if (!isDid(did)) throw invalid('iss is no DID')
    if (typeof aud !== 'string' || !audiences.has(aud)) throw invalid('it is for another service')
    if (lxm !== method) throw invalid(`it is not for ${method}`)
    if (typeof exp !== 'number' || exp * 1000 <= now) throw invalid('it has run out')
    if (exp * 1000 > now + longestLife + skew) throw invalid('it lives for too long')
    if (iat !== undefined && !(typeof iat === 'number' && iat * 1000 <= now + skew))
      throw invalid('it is from the future')
    const isRight = (didKey: string): boolean =>
      header.alg === (parseDidKey(didKey).curve === 'k256' ? 'ES256K' : 'ES256') &&
      verifySignature(didKey, text, signature)
    const known = await resolveSigningKey(did, { refresh: false, signal })
    if (!isRight(known)) {
      const fresh = await resolveSigningKey(did, { refresh: true, signal })
      if (fresh === known || !isRight(fresh)) throw invalid('the signature is not by the account')
    }
    // Without an id it is its own.
    const id = typeof jti === 'string' ? jti : text.toString()
    const key = `${did} ${createHash('sha256').update(id).digest('base64url')}`
    if (!(await used.use(key, exp * 1000))) throw federationErrors.ATPROTO_SERVICE_TOKEN_REPLAYED({ did })
    return { did }
  }

  return {
    verify,
    async authenticate(request, method) {
      const header = request.headers.get('authorization')
      if (header === null) return undefined
      const token = /^bearer +(\S+)$/i.exec(header)?.[1]
      if (token === undefined) throw invalid('the header is not of the form Bearer …')
      return verify(token, { method, signal: request.signal })
    },
  }
}

interface TokenParts {
  readonly text: Buffer
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signature: Uint8Array
}

function partsOf(token: string): TokenParts {
  const parts = token.split('.')
  if (token.length > longest || parts.length !== 3 || !/^[\w.-]+$/.test(token)) throw invalid('it is no JWT')
  const [header, claims, signature] = parts as [string, string, string]
  return {
    text: Buffer.from(`${header}.${claims}`),
    header: jsonOf(header),
    claims: jsonOf(claims),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function jsonOf(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Said below.
  }
  throw invalid('it is no JWT')
}

function invalid(reason: string): Error {
  return federationErrors.ATPROTO_SERVICE_TOKEN_INVALID({ reason })
}
