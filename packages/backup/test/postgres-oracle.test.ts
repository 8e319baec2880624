import { join } from 'node:path'
import { createBackup, openRepository, waitForRecovery } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { SeededRandom } from '@exprsn/core/testing'
import { folderStore } from '@exprsn/core/storage'
import { randomBelow } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { emitReceived, majors, startSource, value, type Source } from './source.ts'

const [newest = 0] = majors
const targets = 3

/** What the source itself says of each row: when it was committed, where in the log, by which transaction. */
interface Known {
  readonly id: number
  readonly committed: string
  readonly xid: string
}

describe('random moments under load', () => {
  it('give the last row that was committed before, and not the next one', { timeout: 120_000 }, async () => {
    await using source = await startSource(newest)
    const { sql, folder, connector } = source
    await sql.query('create table ticks (id serial primary key, at timestamptz default clock_timestamp(), filler text)')
    const store = folderStore({ path: join(folder, 'repository') })
    await using backup = createBackup({
      repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
      cacheFolder: join(folder, 'cache'),
      sources: { db: postgresSource({ connector }) },
    })
    backup.start()
    const stop = startTicking(source)
    await backup.run('db')
    const first = Number(await value(sql, 'select max(id) from ticks'))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await stop()
    await emitReceived(sql)
    const { rows } = await sql.query(
      `select id, (pg_xact_commit_timestamp(xmin) at time zone 'UTC')::text || '+00' as committed, xmin::text as xid
       from ticks order by pg_xact_commit_timestamp(xmin)`,
    )
    const known = rows as unknown as readonly Known[]
    const later = known.filter(({ id }) => id > first)
    expect(later.length).toBeGreaterThan(20)

    const seed = Date.now() % 1_000_000
    const random = new SeededRandom(seed)
    for (let round = 0; round < targets; round++) {
      const chosen = later[randomBelow(random, later.length - 1)]!
      const until = round % 2 === 0 ? { time: chosen.committed } : { xid: BigInt(chosen.xid) }
      const place = known.findIndex(({ id }) => id === chosen.id)
      const expected = known
        .slice(0, place + 1)
        .map(({ id }) => id)
        .sort((a, b) => a - b)
      const { cluster } = await backup.restore('db', { into: join(folder, `restored-${round}`), until, durable: false })
      await using server = await startPostgres({
        ...{ dataFolder: cluster!.dataFolder, major: newest, disposable: true, settings: { fsync: 'off' } },
      })
      await using restored = await postgresConnector(server.connection).sql()
      await waitForRecovery(restored, { timeout: '30s' })
      const found = await restored.query('select id from ticks order by id')
      expect(
        found.rows.map((row) => row['id']),
        `seed ${seed}, row ${chosen.id}, ${JSON.stringify(chosen)}`,
      ).toEqual(expected)
    }
  })
})

/** Two writers, so that transactions end in another order than they begin. */
function startTicking({ connector }: Source): () => Promise<void> {
  let running = true
  const writers = [0, 1].map(async () => {
    await using sql = await connector.sql()
    while (running) {
      await sql.query("insert into ticks (filler) values (repeat('x', 500))")
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  return async () => {
    running = false
    await Promise.all(writers)
  }
}
