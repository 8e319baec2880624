import { join } from 'node:path'
import { createBackup, openRepository, postgresErrors, type PostgresConnector } from '@exprsn/backup'
import { postgresSource } from '@exprsn/backup/drivers/postgres'
import { createMetrics, type Metrics } from '@exprsn/core/metrics'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource } from './source.ts'

const unreachable = () => postgresErrors.BACKUP_POSTGRES_UNREACHABLE({ server: 'db', reason: 'the cable is out' })

/** The value of one series, as Prometheus would read it. */
async function sample(metrics: Metrics, name: string): Promise<number | undefined> {
  let text = ''
  for await (const piece of metrics.text()) text += piece
  const found = text.split('\n').find((line) => line.startsWith(`${name}{source="db"`))
  return found === undefined ? undefined : Number(found.split(' ')[1])
}

describe.each(majors.slice(0, 1))('the metrics of a PostgreSQL %i source', (major) => {
  it('tell lag, age, retention, sizes and what fits into two hours', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder, connector } = source
    const metrics = createMetrics()
    let isCut = false
    const wire: PostgresConnector = {
      ...connector,
      replication: (options) => (isCut ? Promise.reject(unreachable()) : connector.replication(options)),
    }
    await using backup = createBackup({
      repository: openRepository({
        ...{ store: folderStore({ path: join(folder, 'repository') }), password: 'secret' },
        ...{ create: 'if-missing', scrypt: cheapScrypt },
      }),
      ...{ cacheFolder: join(folder, 'cache'), metrics, sources: { db: postgresSource({ connector: wire }) } },
    })
    await backup.watch()
    expect(await sample(metrics, 'backup_wal_lag_bytes')).toBeUndefined()
    backup.start()
    const { bytes, seconds } = await backup.run('db')
    expect(await sample(metrics, 'backup_size_bytes')).toBe(bytes)
    expect(await sample(metrics, 'backup_window_bytes')).toBe(Math.floor((bytes / seconds) * 7200))
    await backup.watch()
    for (const name of ['backup_wal_archive_age_seconds', 'backup_wal_lag_seconds', 'backup_slot_retained_bytes'])
      expect(await sample(metrics, name), name).toBeGreaterThanOrEqual(0)

    // Cut off, the receiver falls behind, and the slot keeps what it misses.
    const before = Number(await sample(metrics, 'backup_slot_retained_bytes'))
    isCut = true
    await sql.query('select pg_terminate_backend(pid) from pg_stat_replication')
    await sql.query('create table filler as select repeat(md5(n::text), 30) from generate_series(1, 20000) n')
    const isBehind = async (): Promise<boolean> => {
      await backup.watch()
      return Number(await sample(metrics, 'backup_wal_lag_seconds')) > 0
    }
    while (!(await isBehind()));
    expect(await sample(metrics, 'backup_wal_lag_bytes')).toBeGreaterThan(10_000_000)
    expect(await sample(metrics, 'backup_slot_retained_bytes')).toBeGreaterThan(before + 10_000_000)
    expect(await sample(metrics, 'backup_last_success_timestamp_seconds')).toBeGreaterThan(1.7e9)
  })
})
