import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { createSigningKey, type SigningKey } from '@exprsn/atproto/crypto'
import { createServiceAuth, databaseTokens, memoryTokens, usedTokenMigrations } from '@exprsn/atproto/federation'

const method = 'app.bsky.feed.getFeedSkeleton'
const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const audience = 'did:web:feeds.example'
const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
const seconds = clock.now() / 1000
const right = { iss: did, aud: audience, lxm: method, exp: seconds + 60, iat: seconds, jti: 'one' }

function tokenOf(
  key: SigningKey,
  claims: object = right,
  header: object = { typ: 'JWT', alg: key.curve === 'k256' ? 'ES256K' : 'ES256' },
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${Buffer.from(key.sign(Buffer.from(text))).toString('base64url')}`
}

const authOf = (key: SigningKey) => createServiceAuth({ audience, resolveSigningKey: async () => key.didKey, clock })

describe('a service token', () => {
  it.each(['k256', 'p256'] as const)('is accepted once: %s', async (curve) => {
    const key = createSigningKey(curve)
    const auth = authOf(key)
    const token = tokenOf(key)
    expect(await auth.verify(token, { method })).toEqual({ did })
    await expect(auth.verify(token, { method })).rejects.toMatchObject({ code: 'ATPROTO_SERVICE_TOKEN_REPLAYED' })
    expect(await auth.verify(tokenOf(key, { ...right, jti: 'two' }), { method })).toEqual({ did })
  })

  const key = createSigningKey('k256')
  it.each([
    ['for another service', tokenOf(key, { ...right, aud: 'did:web:other.example' })],
    ['for another method', tokenOf(key, { ...right, lxm: 'com.atproto.repo.createRecord' })],
    ['for no method', tokenOf(key, { ...right, lxm: undefined })],
    ['that has run out', tokenOf(key, { ...right, exp: seconds })],
    ['without an end', tokenOf(key, { ...right, exp: undefined })],
    ['that lives for too long', tokenOf(key, { ...right, exp: seconds + 86_400 })],
    ['from the future', tokenOf(key, { ...right, iat: seconds + 600 })],
    ['of nobody', tokenOf(key, { ...right, iss: 'nobody' })],
    ['by another key', tokenOf(createSigningKey('k256'))],
    ['by a key of another curve', tokenOf(createSigningKey('p256'))],
    ['of another kind', tokenOf(key, right, { typ: 'at+jwt', alg: 'ES256K' })],
    ['without a signature', tokenOf(key, right, { typ: 'JWT', alg: 'none' })],
    ['with a second half that is changed', tokenOf(key).replace(/\.[^.]+$/, '.AAAA')],
    ['that is no JWT', 'a.b'],
    ['whose claims are no JSON', 'YQ.YQ.YQ'],
    ['that is too long', `a.${'b'.repeat(5_000)}.c`],
  ])('%s is refused', async (_, token) => {
    await expect(authOf(key).verify(token, { method })).rejects.toMatchObject({ code: 'ATPROTO_SERVICE_TOKEN_INVALID' })
  })

  it('is checked with a new key when the known one is old', async () => {
    const fresh = createSigningKey('k256')
    const asked: boolean[] = []
    const auth = createServiceAuth({
      audience: ['did:web:x.example', audience],
      clock,
      async resolveSigningKey(_, { refresh }) {
        asked.push(refresh)
        return refresh ? fresh.didKey : key.didKey
      },
    })
    expect(await auth.verify(tokenOf(fresh), { method })).toEqual({ did })
    expect(asked).toEqual([false, true])
  })

  it('comes in a header', async () => {
    const auth = authOf(key)
    const request = (authorization?: string) =>
      new Request('https://feeds.example', authorization === undefined ? {} : { headers: { authorization } })
    expect(await auth.authenticate(request(), method)).toBeUndefined()
    expect(await auth.authenticate(request(`Bearer ${tokenOf(key)}`), method)).toEqual({ did })
    await expect(auth.authenticate(request('Basic YQ=='), method)).rejects.toThrow('Bearer')
  })

  it('is known by all processes that share a database', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await migrate(database, [usedTokenMigrations])
    const token = tokenOf(key)
    const settings = { audience, clock, resolveSigningKey: async () => key.didKey }
    const [one, other] = [0, 1].map(() => createServiceAuth({ ...settings, used: databaseTokens({ database }) }))
    expect(await one!.verify(token, { method })).toEqual({ did })
    await expect(other!.verify(token, { method })).rejects.toMatchObject({ code: 'ATPROTO_SERVICE_TOKEN_REPLAYED' })
  })

  it('is forgotten when it has run out', async () => {
    const tokens = memoryTokens({ clock })
    for (let index = 0; index < 1_500; index++) await tokens.use(`old${index}`, clock.now() - 1)
    expect(await tokens.use('old0', clock.now() + 1)).toBe(true)
  })
})
