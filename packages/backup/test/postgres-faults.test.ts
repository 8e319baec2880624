import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createBackup,
  currentPosition,
  openRepository,
  waitForRecovery,
  type Backup,
  type PostgresConnector,
  type RestoreOptions,
} from '@exprsn/backup'
import { postgresConnector, postgresSource, type PostgresSourceOptions } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { emitReceived, majors, startSource, value, type Source } from './source.ts'

const child = fileURLToPath(new URL('postgres-source-child.ts', import.meta.url))
const ids = 'select coalesce(string_agg(id::text, $$,$$ order by id), $$$$) from events'

function engine(
  folder: string,
  connector: PostgresConnector,
  options: Partial<PostgresSourceOptions> = {},
): Backup<'db'> {
  const store = folderStore({ path: join(folder, 'repository') })
  return createBackup({
    repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
    cacheFolder: join(folder, 'cache'),
    sources: { db: postgresSource({ connector, ...options }) },
  })
}

/** What a query gives in a cluster that was restored. */
async function restored(
  { folder, server }: Source,
  backup: Backup<'db'>,
  name: string,
  options: Omit<RestoreOptions, 'into'> = {},
): Promise<string> {
  const { cluster } = await backup.restore('db', { ...options, into: join(folder, name), durable: false })
  const { major } = server.installation.version
  const settings = { fsync: 'off', synchronous_standby_names: '' }
  await using copy = await startPostgres({ dataFolder: cluster!.dataFolder, major, disposable: true, settings })
  await using sql = await postgresConnector(copy.connection).sql()
  await waitForRecovery(sql, { timeout: '30s' })
  return String(await value(sql, ids))
}

describe.each(majors.slice(0, 1))('a PostgreSQL %i cluster that goes on from an earlier moment', (major) => {
  it('is followed to its new timeline, and both pasts can be restored', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder } = source
    await sql.query('create table events (id int)')
    const first = engine(folder, source.connector)
    first.start()
    await first.run('db')
    await sql.query('insert into events values (1)')
    const before = await currentPosition(sql)
    await sql.query('insert into events values (2)')
    // More than a segment, so that what was received lies beyond the place where the timelines part.
    await sql.query('select pg_switch_wal()')
    await sql.query('insert into events values (3)')
    await emitReceived(sql)
    const { cluster } = await first.restore('db', {
      into: join(folder, 'new'),
      until: { lsn: before.lsn, inclusive: false },
    })
    await first.close()

    await using promoted = await startPostgres({ dataFolder: cluster!.dataFolder, major, settings: { fsync: 'off' } })
    const connector = postgresConnector(promoted.connection)
    await using there = await connector.sql()
    await waitForRecovery(there)
    await there.query('insert into events values (4)')
    await using second = engine(folder, connector)
    second.start()
    await there.query('insert into events values (5)')
    // Takes a base backup on the new timeline, too: not used below.
    const { id } = await second.run('db')
    const base = (await second.list('db'))[0]!.id
    expect(base).not.toBe(id)
    expect(await restored(source, second, 'followed', { from: base, until: 'latest' })).toBe('1,4,5')
    expect(await restored(source, second, 'past', { from: base, until: 'latest', timeline: 'current' })).toBe('1,2,3')
    expect((await second.recoverable('db')).map(({ timeline }) => timeline)).toContain(2)
    await expect(
      second.restore('db', { from: base, until: 'latest', timeline: 7, into: join(folder, 'never') }),
    ).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_NO_BACKUP' })
  })
})

const [newest = 0] = majors

describe('programs and servers that die', () => {
  it(
    'lose no commit that a synchronous standby acknowledged, when the primary is killed',
    { timeout: 120_000 },
    async () => {
      await using source = await startSource(newest)
      const { sql, folder, connector, server } = source
      await sql.query('create table events (id int)')
      const backup = engine(folder, connector)
      backup.start()
      await backup.run('db')
      await sql.query("alter system set synchronous_standby_names = 'exprsn'")
      await sql.query('select pg_reload_conf()')
      await expect
        .poll(() => value(sql, 'select sync_state from pg_stat_replication'), { timeout: 100_000 })
        .toBe('sync')
      const acknowledged: number[] = []
      const writing = (async () => {
        await using writer = await connector.sql()
        for (let id = 1; ; id++) {
          await writer.query(`insert into events values (${id})`)
          acknowledged.push(id)
        }
      })()
      writing.catch(() => {})
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(50)
      server.kill('SIGKILL')
      await expect(writing).rejects.toThrow()
      const found = (await restored(source, backup, 'after')).split(',').map(Number)
      expect(found.slice(0, acknowledged.length)).toEqual(acknowledged)
      await backup.close()
    },
  )

  it('begin anew behind a gap when the server has thrown WAL away', { timeout: 120_000 }, async () => {
    const limits = { max_wal_size: '32MB', min_wal_size: '32MB' }
    await using source = await startSource(newest, limits)
    const { sql, folder, connector } = source
    await sql.query('create table events (id serial, filler text)')
    const first = engine(folder, connector)
    const before = await first.run('db')
    await first.close()
    const limit = async (size: string): Promise<void> => {
      await sql.query(`alter system set max_slot_wal_keep_size = '${size}'`)
      await sql.query('select pg_reload_conf()')
    }
    await limit('1MB')
    const status = "select wal_status from pg_replication_slots where slot_name = 'exprsn_db'"
    for (let round = 0; (await value(sql, status)) !== 'lost' && round < 20; round++) {
      await sql.query("insert into events (filler) select repeat('x', 900) from generate_series(1, 20000)")
      await sql.query('select pg_switch_wal()')
      await sql.query('checkpoint')
    }
    expect(await value(sql, status)).toBe('lost')
    await limit('1GB')

    await using second = engine(folder, connector)
    second.start()
    await expect
      .poll(async () => (await second.status()).alerts.map(({ key }) => key), { timeout: 20_000 })
      .toEqual(expect.arrayContaining(['wal:db', 'slot:db']))
    const after = await second.run('db')
    expect(after.snapshot.problems).toMatchObject([{ path: '/db/wal', kind: 'skipped' }])
    const windows = await second.recoverable('db')
    expect(windows.map(({ snapshots }) => snapshots)).toEqual([[before.id], [after.id]])
    expect(windows[0]!.gap).toMatch(/^WAL from .* is missing$/)
    expect(await restored(source, second, 'behind', { until: 'latest' })).toBe(String(await value(sql, ids)))
    await expect.poll(async () => (await second.status()).alerts, { timeout: 20_000 }).toEqual([])
  })

  it('leave no gap when the program that archives is killed, again and again', { timeout: 120_000 }, async () => {
    await using source = await startSource(newest)
    const { sql, folder, connector, server } = source
    await sql.query('create table events (id serial, filler text)')
    const first = engine(folder, connector)
    await first.run('db')
    await first.close()
    for (let kill = 0; kill < 3; kill++) {
      const settings = JSON.stringify({ connection: server.connection, folder })
      const program = spawn(process.execPath, ['--conditions=@exprsn/source', child, settings], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exited = once(program, 'exit')
      await once(program.stdout, 'data')
      for (let round = 0; round < 3; round++) {
        await sql.query("insert into events (filler) select repeat('x', 900) from generate_series(1, 3000)")
        await sql.query('select pg_switch_wal()')
      }
      await new Promise((resolve) => setTimeout(resolve, 40 + kill * 60))
      program.kill('SIGKILL')
      await exited
    }
    await using last = engine(folder, connector)
    last.start()
    const { id } = await last.run('db')
    const windows = await last.recoverable('db')
    expect(windows).toHaveLength(1)
    expect(windows[0]!.snapshots).toHaveLength(2)
    expect(windows[0]!.snapshots.at(-1)).toBe(id)
    const base = windows[0]!.snapshots[0]!
    expect(await restored(source, last, 'again', { from: base, until: 'latest' })).toBe(String(await value(sql, ids)))
    expect((await last.check({ level: 3 })).ok).toBe(true)
  })
})
