import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import type { SqliteDatabaseOptions } from '../database/sqlite-database.ts'
import { systemRandom } from '../random/system-random.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { makeApiKey, parseApiKey } from './api-key-format.ts'
import { createApiKeys, type ApiKeysOptions } from './api-keys.ts'

const memory: SqliteDatabaseOptions = { path: ':memory:' }
const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close()
})

async function setUp(options: Partial<ApiKeysOptions> = {}) {
  const database = sqliteDatabase(memory)
  closing.push(database)
  const clock = new SimulatedClock()
  const keys = createApiKeys({ database, clock, keyPrefix: 'acme', ...options })
  await migrate(database, [keys.migrations], { ...(options.prefix === undefined ? {} : { prefix: options.prefix }) })
  return { database, clock, keys }
}
const refused = (reason: RegExp) =>
  expect.objectContaining({
    code: 'CORE_AUTH_KEY_INVALID',
    status: 401,
    message: expect.stringMatching(reason) as string,
  }) as Error

describe('a key', () => {
  it('has the shape prefix_id_secret, and its checksum finds every changed letter', () => {
    const { text, id, secret } = makeApiKey('acme', new SeededRandom(7))
    expect(text).toMatch(/^acme_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/)
    expect(parseApiKey(text)).toEqual({ prefix: 'acme', id, secret })
    for (let index = 0; index < text.length; index++) {
      const other = text[index] === 'x' ? 'y' : 'x'
      expect(parseApiKey(text.slice(0, index) + other + text.slice(index + 1)), `letter ${index}`).toBeUndefined()
    }
  })

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(parseApiKey(text)).toBeUndefined()
      }),
      { numRuns: 1_000, examples: [['acme_'], ['__'], [`acme_${'a'.repeat(12)}_${'a'.repeat(38)}\n`]] },
    )
  })

  it('uses every letter about equally often', () => {
    const counts = new Map<string, number>()
    for (let index = 0; index < 1_000; index++)
      for (const letter of makeApiKey('k', systemRandom).secret) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(62)
    const mean = 32_000 / 62
    for (const [letter, count] of counts) expect(Math.abs(count - mean), letter).toBeLessThan(mean * 0.35)
  })
})

describe('api keys', () => {
  it('say who uses them, and store nothing that could be used', async () => {
    const { keys, database } = await setUp()
    const { key, text } = await keys.create({
      subject: 'reports',
      roles: ['reader'],
      scopes: ['jobs:read'],
      metadata: { team: 7 },
    })
    expect(await keys.verify(text.reveal())).toEqual({
      subject: 'reports',
      kind: 'api-key',
      via: 'header',
      roles: ['reader'],
      scopes: ['jobs:read'],
      claims: { team: 7, keyId: key.id },
    })
    expect(`${text}${JSON.stringify({ text })}`).not.toContain(text.reveal())
    const stored = JSON.stringify((await database.query('select * from exprsn_api_keys')).rows)
    expect(stored).not.toContain(parseApiKey(text.reveal())!.secret)
    expect(await keys.list('reports')).toEqual([key])
  })

  it('are refused when they are unknown, of another service, or forged', async () => {
    const { keys } = await setUp()
    const { text, key } = await keys.create({ subject: 'a' })
    await expect(keys.verify('nonsense')).rejects.toThrow(refused(/not a key of this service/))
    await expect(keys.verify(makeApiKey('other', systemRandom).text)).rejects.toThrow(
      refused(/not a key of this service/),
    )
    await expect(keys.verify(makeApiKey('acme', systemRandom).text)).rejects.toThrow(refused(/unknown/))
    await expect(keys.verify(makeApiKey('acme', systemRandom, key.id).text)).rejects.toThrow(refused(/unknown/))
    expect((await keys.verify(text.reveal())).subject).toBe('a')
  })

  it('expire at their moment and end when revoked', async () => {
    const { keys, clock } = await setUp()
    const { text, key } = await keys.create({ subject: 'a', expiresIn: '1h' })
    expect(key.expiresAt?.getTime()).toBe(clock.now() + 3_600_000)
    await clock.advanceBy(3_599_999)
    await keys.verify(text.reveal())
    await clock.advanceBy(1)
    await expect(keys.verify(text.reveal())).rejects.toThrow(refused(/expired/))
    const other = await keys.create({ subject: 'a' })
    await keys.revoke(other.key.id)
    await expect(keys.verify(other.text.reveal())).rejects.toThrow(refused(/revoked/))
    const [, revoked] = await keys.list('a')
    await clock.advanceBy(5)
    await keys.revoke(other.key.id)
    expect((await keys.list('a'))[1]?.revokedAt).toEqual(revoked?.revokedAt)
    await expect(keys.revoke('none')).rejects.toMatchObject({ code: 'CORE_AUTH_KEY_MISSING' })
  })

  it('are rotated with both texts valid for a while', async () => {
    const { keys, clock } = await setUp()
    const first = await keys.create({ subject: 'a' })
    const second = await keys.rotate(first.key.id, { overlap: '10m' })
    expect(second.key.id).toBe(first.key.id)
    expect(second.text.reveal()).not.toBe(first.text.reveal())
    await keys.verify(first.text.reveal())
    await keys.verify(second.text.reveal())
    await clock.advanceBy(600_000)
    await expect(keys.verify(first.text.reveal())).rejects.toThrow(refused(/unknown/))
    await keys.verify(second.text.reveal())
    await keys.rotate(first.key.id, { overlap: 0 })
    await expect(keys.verify(second.text.reveal())).rejects.toThrow(refused(/unknown/))
    await keys.revoke(first.key.id)
    await expect(keys.rotate(first.key.id)).rejects.toMatchObject({ code: 'CORE_AUTH_KEY_MISSING' })
  })

  it('are made within the transaction of the host, and undone with it', async () => {
    const { keys, database } = await setUp({ prefix: 'app_' })
    await expect(
      database.transaction(async (tx) => {
        const { text } = await keys.create({ subject: 'a' }, { tx })
        expect((await keys.verify(text.reveal(), { tx })).subject).toBe('a')
        throw new RangeError('undo')
      }),
    ).rejects.toThrow('undo')
    expect(await keys.list('a')).toEqual([])
  })

  it('refuse options that cannot work', async () => {
    const { database } = await setUp()
    for (const keyPrefix of ['', 'A', 'a_b', '1a', 'a'.repeat(17)])
      expect(() => createApiKeys({ database, keyPrefix })).toThrow(/keyPrefix/)
    await expect(createApiKeys({ database }).create({ subject: '' })).rejects.toMatchObject({
      code: 'CORE_AUTH_OPTION_INVALID',
    })
  })
})
