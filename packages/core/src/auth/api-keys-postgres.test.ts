import { freshPostgresDatabase, requirePostgres } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { postgresDatabase } from '../drivers/postgres.ts'
import { createApiKeys } from './api-keys.ts'

describe('api keys on PostgreSQL', () => {
  it('are made, verified, rotated by two processes at once, listed and revoked', async (context) => {
    await requirePostgres(context)
    await using fresh = await freshPostgresDatabase()
    await using database = postgresDatabase({ connection: { ...fresh.connection } })
    const keys = createApiKeys({ database, schema: 'ops' })
    await migrate(database, [keys.migrations], { schema: 'ops' })
    const { key, text } = await keys.create({ subject: 'a', expiresIn: '1d', scopes: ['x'] })
    expect(await keys.verify(text.reveal())).toMatchObject({ subject: 'a', scopes: ['x'] })
    expect(await keys.list('a')).toEqual([key])
    const rotated = await Promise.all([keys.rotate(key.id), keys.rotate(key.id)])
    // The later one ends the first text; both new ones are valid, the earlier of them for the overlap.
    for (const each of rotated) expect(await keys.verify(each.text.reveal())).toMatchObject({ subject: 'a' })
    await expect(keys.verify(text.reveal())).rejects.toMatchObject({ code: 'CORE_AUTH_KEY_INVALID' })
    await keys.revoke(key.id)
    for (const each of rotated) await expect(keys.verify(each.text.reveal())).rejects.toThrow(/revoked/)
  })
})
