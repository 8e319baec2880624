import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createJwtVerifier, type JwtVerifierOptions } from './jwt-verifier.ts'

const issuer = 'https://id.example'
const audience = 'api'
const clock = new SimulatedClock()
const now = (): number => Math.floor(clock.now() / 1_000)

interface Signer {
  readonly privateKey: CryptoKey
  readonly jwk: object
}
const signers: Signer[] = []
let server: Server
let published: object[] = []
let fetches = 0
let jwksUrl = ''

beforeAll(async () => {
  for (const kid of ['a', 'b']) {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    signers.push({ privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } })
  }
  published = [signers[0]!.jwk]
  server = createServer((_, response) => {
    fetches++
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

type Claims = Record<string, unknown>
const usual = (): Claims => ({ iss: issuer, aud: audience, sub: 'u1', exp: now() + 60, iat: now() })

function sign(changes: Claims = {}, header: Claims = {}, signer = signers[0]!): Promise<string> {
  const claims = { ...usual(), ...changes }
  for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name]
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'a', ...header }).sign(signer.privateKey)
}
const local = (options: Partial<JwtVerifierOptions> = {}) =>
  createJwtVerifier({ issuer, audience, clock, jwks: { keys: [signers[0]!.jwk] }, ...options })

describe('a token', () => {
  it('that fits gives its subject, roles, scopes and claims', async () => {
    const token = await sign({ roles: ['admin', 7], scope: 'a b  c', team: 'x' })
    expect(await local().verify(token)).toMatchObject({
      subject: 'u1',
      kind: 'jwt',
      via: 'header',
      roles: ['admin'],
      scopes: ['a', 'b', 'c'],
      claims: { team: 'x' },
    })
    const other = await sign({ groups: 'one two', scp: ['s'] })
    expect(await local({ rolesClaim: 'groups' }).verify(other)).toMatchObject({ roles: ['one', 'two'], scopes: ['s'] })
    expect((await local({ rolesClaim: 'constructor' }).verify(other)).roles).toEqual([])
  })

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['no expiry', { exp: undefined }],
    ['a time before it counts', { nbf: 99_999_999_999 }],
  ])('with %s is refused', async (_, changes) => {
    await expect(local().verify(await sign(changes))).rejects.toMatchObject({
      code: 'CORE_AUTH_TOKEN_INVALID',
      status: 401,
    })
  })

  it('expires at its moment, with the tolerance that was set', async () => {
    await expect(local().verify(await sign({ exp: now() - 31 }))).rejects.toMatchObject({
      code: 'CORE_AUTH_TOKEN_EXPIRED',
    })
    expect(await local().verify(await sign({ exp: now() - 29 }))).toMatchObject({ subject: 'u1' })
    const strict = local({ clockTolerance: 0 })
    await expect(strict.verify(await sign({ exp: now() - 1 }))).rejects.toMatchObject({
      code: 'CORE_AUTH_TOKEN_EXPIRED',
    })
  })

  it('that nobody, somebody else or the public key signed is refused', async () => {
    const unsigned = new UnsecuredJWT(usual()).encode()
    await expect(local().verify(unsigned)).rejects.toMatchObject({ code: 'CORE_AUTH_TOKEN_INVALID' })
    await expect(local().verify(await sign({}, {}, signers[1]))).rejects.toThrow(/signature/)
    const publicBytes = new TextEncoder().encode(JSON.stringify(signers[0]!.jwk))
    const confused = await new SignJWT(usual()).setProtectedHeader({ alg: 'HS256', kid: 'a' }).sign(publicBytes)
    await expect(local().verify(confused)).rejects.toMatchObject({ code: 'CORE_AUTH_TOKEN_INVALID' })
    await expect(local({ algorithms: ['RS256'] }).verify(await sign())).rejects.toThrow(/algorithm/)
  })

  it('of any other text is refused, and nothing of it is repeated', async () => {
    const verifier = local()
    const good = await sign()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .tuple(fc.nat(good.length - 1), fc.constantFrom('A', '.', '=', ' ', ''))
            .map(([at, letter]) => good.slice(0, at) + letter + good.slice(at + 1)),
        ),
        async (text) => {
          fc.pre(text !== good)
          const error = await verifier.verify(text).then(
            () => undefined,
            (thrown: Error & { code: string }) => thrown,
          )
          // The last letter of a signature carries bits that mean nothing: base64url may spell the same bytes twice.
          if (error === undefined) return expect(text.slice(0, -1)).toBe(good.slice(0, -1))
          expect(error.code).toBe('CORE_AUTH_TOKEN_INVALID')
          if (text.length > 40) expect(error.message).not.toContain(text.slice(0, 40))
        },
      ),
      { numRuns: 200 },
    )
    await expect(verifier.verify('a'.repeat(20_000))).rejects.toThrow(/too long/)
  })

  it('of a shared secret is accepted with that secret alone', async () => {
    const secret = new TextEncoder().encode('0123456789abcdef0123456789abcdef')
    const token = await new SignJWT(usual()).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    expect(await createJwtVerifier({ issuer, audience, secret, clock }).verify(token)).toMatchObject({ subject: 'u1' })
    const other = createJwtVerifier({ issuer, audience, secret: secret.toReversed(), clock })
    await expect(other.verify(token)).rejects.toThrow(/signature/)
  })
})

describe('keys of the issuer', () => {
  it('are fetched once, and again when a token names a new one', async () => {
    const verifier = createJwtVerifier({ issuer, audience, clock, jwksUrl, jwksCooldown: 0 })
    fetches = 0
    await Promise.all([verifier.verify(await sign()), verifier.verify(await sign())])
    await verifier.verify(await sign())
    expect(fetches).toBe(1)
    published = [signers[1]!.jwk]
    expect(await verifier.verify(await sign({}, { kid: 'b' }, signers[1]))).toMatchObject({ subject: 'u1' })
    expect(fetches).toBe(2)
    await expect(verifier.verify(await sign())).rejects.toThrow(/key that the issuer does not have/)
    published = [signers[0]!.jwk]
  })

  it('are not fetched for every unknown name', async () => {
    const verifier = createJwtVerifier({ issuer, audience, clock, jwksUrl })
    await verifier.verify(await sign())
    fetches = 0
    for (let index = 0; index < 20; index++) await verifier.verify(await sign({}, { kid: `x${index}` })).catch(() => {})
    expect(fetches).toBe(0)
  })

  it('that cannot be had are a fault of ours, not of the token', async () => {
    const unreachable = createJwtVerifier({ issuer, audience, clock, jwksUrl: 'http://127.0.0.1:1/jwks' })
    const down = createJwtVerifier({
      issuer,
      audience,
      clock,
      jwksUrl,
      fetch: async () => new Response('x', { status: 500 }),
    })
    for (const verifier of [unreachable, down])
      await expect(verifier.verify(await sign())).rejects.toMatchObject({
        code: 'CORE_AUTH_KEYS_UNAVAILABLE',
        retryable: true,
        status: 503,
      })
  })
})

describe('options', () => {
  const secret = new Uint8Array(32)
  it.each([
    ['no keys', {}],
    ['two kinds of keys', { secret, jwksUrl: 'https://a.example' }],
    ['a short secret', { secret: new Uint8Array(31) }],
    ['an address that is none', { jwksUrl: 'jwks' }],
    ['no issuer', { secret, issuer: '' }],
    ['no audience', { secret, audience: undefined as unknown as string }],
    ['an HS algorithm with public keys', { jwks: { keys: [] }, algorithms: ['HS256'] as const }],
    ['another algorithm with a secret', { secret, algorithms: ['RS256'] as const }],
    ['no algorithm', { secret, algorithms: [] }],
  ])('with %s are refused', (_, options) => {
    expect(() => createJwtVerifier({ issuer, audience, ...options })).toThrow(
      expect.objectContaining({ code: 'CORE_AUTH_OPTION_INVALID' }),
    )
  })
})
