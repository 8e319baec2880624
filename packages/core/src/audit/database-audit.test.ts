import { generateKeyPairSync } from 'node:crypto'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { postgresDatabase } from '../drivers/postgres.ts'
import { auditMigrations } from './audit-migrations.ts'
import { databaseAudit } from './database-audit.ts'
import { verifyInclusion } from './inclusion.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const signer = { id: 'k1', privateKey }
const publicKeys = { k1: publicKey }

async function onSqlite(work: (database: Database) => Promise<void>): Promise<void> {
  await using database = sqliteDatabase({ path: ':memory:' })
  await work(database)
}

async function onPostgres(work: (database: Database) => Promise<void>): Promise<void> {
  await using server = await freshPostgresDatabase()
  await using database = postgresDatabase({ connection: { ...server.connection } })
  await work(database)
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('databaseAudit on %s', (_, on) => {
  const withAudit = (work: (audit: ReturnType<typeof databaseAudit>, database: Database) => Promise<void>) =>
    on(async (database) => {
      await migrate(database, [auditMigrations])
      await work(databaseAudit({ database, signer }), database)
    })

  it('puts concurrent appends in order and proves each', () =>
    withAudit(async (audit) => {
      const heads = await Promise.all(
        Array.from({ length: 30 }, (__, number) => audit.append({ action: 'a', data: number })),
      )
      expect(heads.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 30 }, (__, index) => index + 1),
      )
      const checkpoint = await audit.checkpoint()
      await audit.append({ action: 'after' })
      expect(await audit.verify({ publicKeys, trusted: checkpoint })).toMatchObject({
        ok: true,
        records: 31,
        checkpoints: 1,
      })
      expect(verifyInclusion(await audit.prove(17, checkpoint), publicKeys)).toBe(true)
    }))

  it('keeps a record exactly when the host’s transaction commits', () =>
    withAudit(async (audit, database) => {
      await database.transaction(async (tx) => void (await audit.append({ action: 'kept' }, { tx })))
      const undone = database.transaction(async (tx) => {
        await audit.append({ action: 'undone' }, { tx })
        throw new Error('rolled back')
      })
      await expect(undone).rejects.toThrow('rolled back')
      expect((await audit.append({ action: 'next' })).sequence).toBe(2)
      expect(await audit.verify()).toMatchObject({ ok: true, records: 2 })
    }))

  it.each([
    [`update exprsn_audit_records set record = replace(record, '"data":3', '"data":4')`, 'altered', 3],
    [`update exprsn_audit_records set hash = '${'0'.repeat(64)}' where sequence = 2`, 'altered', 2],
    ['delete from exprsn_audit_records where sequence = 2', 'missing', 2],
    ['delete from exprsn_audit_records where sequence > 3', 'truncated', 4],
    ['update exprsn_audit_records set sequence = 10 where sequence = 2', 'reordered', 2],
    [
      `update exprsn_audit_checkpoints set checkpoint = replace(checkpoint, '"size":5', '"size":4')`,
      'forged-checkpoint',
      4,
    ],
    [`update exprsn_audit_checkpoints set checkpoint = 'nonsense'`, 'forged-checkpoint', 0],
  ])('names the fault after %s', (statement, kind, sequence) =>
    withAudit(async (audit, database) => {
      for (let number = 1; number <= 5; number++) await audit.append({ action: 'a', data: number })
      await audit.checkpoint()
      await database.query(statement)
      expect(await audit.verify({ publicKeys })).toMatchObject({ ok: false, kind, sequence })
    }),
  )

  it('says when its tables are empty', () =>
    withAudit(async (audit, database) => {
      await database.query('delete from exprsn_audit_head')
      await expect(audit.append({ action: 'a' })).rejects.toMatchObject({ code: 'CORE_AUDIT_NOT_MIGRATED' })
    }))
})
