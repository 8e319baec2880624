import { migrate, type MigrationSet } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { expect, it } from 'vitest'
import { money } from '../money/index.ts'
import { createLedger } from './index.ts'

it('takes books of the first release over: what was posted stands, and every line still needs its accounts', async () => {
  await using server = await freshPostgresDatabase()
  await using database = postgresDatabase({ connection: { ...server.connection }, max: 2 })
  const naming = { schema: 'books', prefix: 'own_' }
  const ledger = createLedger({ database, ...naming })
  const first: MigrationSet = { ...ledger.migrations, migrations: ledger.migrations.migrations.slice(0, 1) }
  await migrate(database, [first], naming)
  await ledger.openAccounts([
    { code: 'a', currency: 'EUR', kind: 'asset' },
    { code: 'b', currency: 'EUR', kind: 'income' },
  ])
  const lines = [{ debit: 'a', credit: 'b', amount: money('1.00', 'EUR') }]
  await ledger.post({ id: 'before', lines })
  await migrate(database, [ledger.migrations], naming)
  await ledger.post({ id: 'after', lines })
  expect(await ledger.verify()).toMatchObject({ ok: true, lines: 2 })
  const { rows } = await database.query("select count(*) as keys from pg_constraint where contype = 'f'")
  expect(rows).toEqual([{ keys: 0 }])
  const wrong = database.query(
    `insert into "books"."own_ledger_lines" (sequence, entry, line, lines, kind, debit, credit, amount, description,
      reference, occurred_at, recorded_at, hash) values (3, 'e', 1, 1, 'transfer', 1, 77, 1, '', '', 0, 0, '')`,
  )
  await expect(wrong).rejects.toMatchObject({ code: 'CORE_DATABASE_CONSTRAINT', details: { kind: 'foreign-key' } })
})
