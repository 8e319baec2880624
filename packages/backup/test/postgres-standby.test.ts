import { join } from 'node:path'
import {
  createBackup,
  emitMarker,
  openRepository,
  receiveBaseBackup,
  waitForRecovery,
  type Backup,
} from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, value, type Source } from './source.ts'

const ids = 'select string_agg(id::text, $$,$$ order by id) from events'

/** A hot standby that streams from the source. */
async function startStandby({ connector, server, folder }: Source): Promise<PostgresServer> {
  const dataFolder = join(folder, 'standby')
  await receiveBaseBackup({ connector, into: join(folder, 'standby-base') })
  await systemDisk.rename(join(folder, 'standby-base', 'base'), dataFolder)
  await (await systemDisk.open(join(dataFolder, 'standby.signal'), 'create-new')).close()
  const { host, port, user } = server.connection
  const { major } = server.installation.version
  const settings = { primary_conninfo: `host=${host} port=${port} user=${user}`, hot_standby: 'on' }
  return startPostgres({ dataFolder, major, readyWhen: 'readable', disposable: true, settings })
}

async function restored(
  { folder, server }: Source,
  backup: Backup<'db'>,
  name: string,
  from?: string,
): Promise<unknown> {
  const { cluster } = await backup.restore('db', { from, until: 'latest', into: join(folder, name), durable: false })
  const { major } = server.installation.version
  const settings = { fsync: 'off', primary_conninfo: '' }
  await using copy = await startPostgres({ dataFolder: cluster!.dataFolder, major, disposable: true, settings })
  await using sql = await postgresConnector(copy.connection).sql()
  await waitForRecovery(sql, { timeout: '120s' })
  return await value(sql, ids)
}

describe.each(majors.slice(0, 1))('a backup from a standby of PostgreSQL %i', (major) => {
  it('spares the primary, and follows the standby when it takes over', { timeout: 300_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder } = source
    await sql.query('create table events (id int)')
    await using standby = await startStandby(source)
    const connector = postgresConnector(standby.connection)
    const store = folderStore({ path: join(folder, 'repository') })
    await using backup = createBackup({
      repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
      cacheFolder: join(folder, 'cache'),
      sources: { db: postgresSource({ connector, archiveEvery: '200ms' }) },
    })
    backup.start()
    await sql.query('insert into events values (1)')
    const { id } = await backup.run('db')
    // The primary knows nothing of us.
    expect(await value(sql, 'select count(*)::int from pg_replication_slots')).toBe(0)
    await sql.query('insert into events values (2)')
    const marker = await emitMarker(sql)
    await using there = await connector.sql()
    await expect.poll(() => reaches(backup, marker), { timeout: 240_000, interval: 500 }).toBe(true)
    expect((await backup.status()).alerts).toEqual([])
    expect(await restored(source, backup, 'before', id)).toBe('1,2')

    source.server.kill('SIGKILL')
    await there.query('select pg_promote()')
    await waitForRecovery(there, { timeout: '120s' })
    await there.query('insert into events values (3)')
    const after = await emitMarker(there)
    await expect.poll(() => reaches(backup, after), { timeout: 240_000, interval: 500 }).toBe(true)
    expect(await restored(source, backup, 'after', id)).toBe('1,2,3')
    // The next base backup stands on the new timeline.
    await there.query('insert into events values (4)')
    const next = await backup.run('db')
    expect(await restored(source, backup, 'again', next.id)).toBe('1,2,3,4')
  })
})

/** Whether everything up to a position can be restored. */
async function reaches(backup: Backup<'db'>, lsn: bigint): Promise<boolean> {
  return (await backup.recoverable('db')).some(({ to }) => to.lsn >= lsn)
}
