import { join } from 'node:path'
import { createBackup, openRepository, waitForRecovery, type Backup } from '@exprsn/backup'
import { postgresConnector, postgresSource, type PostgresSourceOptions } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, startWriter, value, type Source } from './source.ts'

const digest = "select count(*) || md5(coalesce(string_agg(o::text, ',' order by id), '')) from orders o"

function engine({ folder, connector, server }: Source, options: Partial<PostgresSourceOptions> = {}): Backup<'db'> {
  const store = folderStore({ path: join(folder, 'repository') })
  return createBackup({
    repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
    cacheFolder: join(folder, 'cache'),
    sources: { db: postgresSource({ connector, dataFolder: server.dataFolder, ...options }) },
  })
}

async function restored({ folder, server }: Source, backup: Backup<'db'>, from: string): Promise<unknown> {
  const into = join(folder, `restored-${from.slice(0, 8)}`)
  const { cluster } = await backup.restore('db', { from, into, durable: false, until: 'immediate' })
  const { major } = server.installation.version
  const settings = { fsync: 'off' }
  await using copy = await startPostgres({ dataFolder: cluster!.dataFolder, major, disposable: true, settings })
  await using sql = await postgresConnector(copy.connection).sql()
  await waitForRecovery(sql, { timeout: '60s' })
  await sql.query('create extension amcheck')
  await sql.query(`select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = relam
    where amname = 'btree' and relkind = 'i' and relpersistence = 'p'`)
  return await value(sql, digest)
}

/** A disk that notes which relations of the server's folder are opened. */
function watching(dataFolder: string): { readonly disk: Disk; readonly opened: () => number } {
  let opened = 0
  const note = (path: unknown): void => void (String(path).startsWith(join(dataFolder, 'base')) && opened++)
  const disk: Disk = {
    ...systemDisk,
    open(path, mode, options) {
      note(path)
      return systemDisk.open(path, mode, options)
    },
    openSync(path, mode, options) {
      note(path)
      return systemDisk.openSync(path, mode, options)
    },
  }
  return { disk, opened: () => opened }
}

describe.each(majors)('a PostgreSQL %i source with its data folder', (major) => {
  it('is read, and brought back, where only changes are sent by the server', { timeout: 180_000 }, async () => {
    await using source = await startSource(major, { summarize_wal: 'on' }, major >= 17)
    const { sql, connector, server } = source
    await sql.query('create table orders (id serial primary key, note text)')
    await sql.query('insert into orders (note) select md5(n::text) from generate_series(1, 20000) n')
    await sql.query('create table events (id serial primary key, at timestamptz, payload text)')
    const { disk, opened } = watching(server.dataFolder)
    await using backup = engine(source, { disk })
    backup.start()
    const writer = startWriter(connector)
    const full = await backup.run('db')
    await writer.stop()
    const filesRead = opened()
    expect(filesRead).toBeGreaterThan(200)
    const chain: (readonly [string, unknown])[] = [[full.id, await value(sql, digest)]]
    for (let round = 0; round < 2; round++) {
      await sql.query(`update orders set note = 'round ${round}' where id % 17 = ${round}`)
      const next = await backup.run('db')
      chain.push([next.id, await value(sql, digest)])
      // Whoever knows what changed sends it.
      if (major >= 17) expect(next.bytes).toBeLessThan(full.bytes / 2)
      expect(opened() > filesRead).toBe(major < 17)
    }
    for (const [id, expected] of chain) expect([id, await restored(source, backup, id)]).toEqual([id, expected])
  })

  it('is left alone when its pages are damaged, and no snapshot says otherwise', { timeout: 60_000 }, async () => {
    await using source = await startSource(major)
    const { sql, server } = source
    await sql.query('create table orders as select n as id, md5(n::text) as note from generate_series(1, 20000) n')
    await sql.query('checkpoint')
    const path = String(await value(sql, "select pg_relation_filepath('orders')"))
    const file = await systemDisk.open(join(server.dataFolder, path), 'update')
    await file.write(Buffer.from('hurt'), 3 * 8_192 + 4_000)
    await file.close()
    await using backup = engine(source, { receiveWal: false })
    await expect(backup.run('db')).rejects.toMatchObject({
      code: 'BACKUP_BASE_PAGES_DAMAGED',
      details: { path, page: 3 },
    })
    expect(await backup.list('db')).toEqual([])
    expect(await value(sql, 'select count(*)::int from pg_replication_slots')).toBe(0)
  })
})
