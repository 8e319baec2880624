import { join } from 'node:path'
import { createBackup, openRepository, waitForRecovery } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { randomBelow } from '@exprsn/core'
import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { folderStore } from '@exprsn/core/storage'
import { cheapScrypt } from '../../sample-repository.ts'
import { emitReceived, majors, startSource, value, type Source } from '../../source.ts'

/** What the source itself says of each row. */
interface Known {
  readonly id: number
  readonly committed: string
  readonly xid: string
}

/** Restores one random moment and compares it with what the source says was committed until then. */
export async function runMoment(seed: number): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const major = majors[randomBelow(random, majors.length)]!
  const kind = randomBelow(random, 2) === 0 ? 'time' : 'xid'
  await using source = await startSource(major)
  const { sql, folder, connector } = source
  await sql.query('create table ticks (id serial primary key, filler text)')
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
  const rows = 30 + randomBelow(random, 200)
  while (Number(await value(sql, 'select max(id) from ticks')) < first + rows);
  await stop()
  await emitReceived(sql)
  const known = (
    await sql.query(
      `select id, (pg_xact_commit_timestamp(xmin) at time zone 'UTC')::text || '+00' as committed, xmin::text as xid
       from ticks order by pg_xact_commit_timestamp(xmin)`,
    )
  ).rows as unknown as readonly Known[]
  const later = known.filter(({ id }) => id > first)
  const chosen = later[randomBelow(random, later.length - 1)]!
  const until = kind === 'time' ? { time: chosen.committed } : { xid: BigInt(chosen.xid) }
  const expected = known.slice(0, known.indexOf(chosen) + 1).map(({ id }) => id)

  const { cluster } = await backup.restore('db', { into: join(folder, 'restored'), until, durable: false })
  const settings = { fsync: 'off' }
  const { installation } = source.server
  await using server = await startPostgres({
    dataFolder: cluster!.dataFolder,
    installation,
    disposable: true,
    settings,
  })
  await using restored = await postgresConnector(server.connection).sql()
  await waitForRecovery(restored, { timeout: '120s' })
  const found = (await restored.query('select id from ticks')).rows.map((row) => Number(row['id']))
  const lost = expected.filter((id) => !found.includes(id))
  const surplus = found.filter((id) => !expected.includes(id))
  const text = `PostgreSQL ${major}, ${JSON.stringify(until, bigintText)}: rows ${lost.join()} are lost, rows ${surplus.join()} came too much`
  return { faults: { [`target/${kind}`]: 1 }, violations: lost.length + surplus.length === 0 ? [] : [text] }
}

function bigintText(_: string, each: unknown): unknown {
  return typeof each === 'bigint' ? String(each) : each
}

/** Two writers, so that transactions end in another order than they begin. */
function startTicking({ connector }: Source): () => Promise<void> {
  let running = true
  const writers = [0, 1].map(async () => {
    await using sql = await connector.sql()
    while (running) await sql.query("insert into ticks (filler) values (repeat('x', 500))")
  })
  return async () => {
    running = false
    await Promise.all(writers)
  }
}
