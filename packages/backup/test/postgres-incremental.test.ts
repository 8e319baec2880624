import { join } from 'node:path'
import { createBackup, openRepository, verifyBackup, waitForRecovery, type Backup } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, value, type Source } from './source.ts'

const incremental = majors.filter((major) => major >= 17)

/** What each round does to the cluster: all that makes blocks come, change, move and go. */
const rounds: readonly string[] = [
  'update orders set note = md5(note) where id % 20 = 0; insert into far select generate_series(1, 500)',
  'create table fresh as select generate_series(1, 20000) as id; create index on fresh (id); drop table gone',
  'delete from orders where id > 15000; vacuum orders',
  "insert into orders (note) select md5('again' || n) from generate_series(1, 2000) n; vacuum full orders",
  'truncate far; insert into far select generate_series(1, 50000)',
  'alter table fresh set tablespace elsewhere; reindex table orders',
]

const digests = [
  "select count(*) || md5(coalesce(string_agg(o::text, ',' order by id), '')) from orders o",
  "select count(*) || md5(coalesce(string_agg(f::text, ',' order by id), '')) from far f",
  "select coalesce((select count(*) from pg_class where relname = 'fresh')::text, '')",
]

describe.each(incremental)('incremental backups on PostgreSQL %i', (major) => {
  it('are put together to what the server had, chain after chain', { timeout: 180_000 }, async () => {
    await using source = await startSource(major, { summarize_wal: 'on' })
    const { sql, folder, server } = source
    const space = join(folder, 'space')
    await systemDisk.makeFolder(space)
    const owner = await systemDisk.stat(server.dataFolder)
    await systemDisk.setOwner(space, owner.userId, owner.groupId)
    await sql.query(`create tablespace elsewhere location '${space}'`)
    await sql.query('create table orders (id serial primary key, note text); create table gone as select 1 as id')
    await sql.query('insert into orders (note) select md5(n::text) from generate_series(1, 20000) n')
    await sql.query('create table far (id int) tablespace elsewhere')
    const store = folderStore({ path: join(folder, 'repository') })
    await using backup = createBackup({
      repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
      cacheFolder: join(folder, 'cache'),
      sources: { db: postgresSource({ connector: source.connector, longestChain: rounds.length }) },
      retention: { last: 1 },
    })
    const full = await backup.run('db')
    const chain: { readonly id: string; readonly digests: unknown[] }[] = []
    for (const round of rounds) {
      for (const statement of round.split(';')) await sql.query(statement)
      const { id, bytes } = await backup.run('db')
      expect(bytes).toBeLessThan(full.bytes / 2)
      chain.push({ id, digests: await digestsOf(sql) })
    }
    for (const { id, digests: expected } of [chain[2]!, chain.at(-1)!])
      expect(await restoredDigests(source, backup, id)).toEqual(expected)

    // The chain is as long as it may be: the next one is full, and stands alone after the others are forgotten.
    const next = await backup.run('db')
    expect(next.bytes).toBeGreaterThan(full.bytes / 2)
    const plan = await backup.forget()
    expect(plan.db.keep.map(({ snapshot }) => snapshot.id)).toEqual([next.id])
    expect(await restoredDigests(source, backup, next.id)).toEqual(await digestsOf(sql))
  })

  it('keep what they build on, as long as they are kept', { timeout: 120_000 }, async () => {
    await using source = await startSource(major, { summarize_wal: 'on' })
    await source.sql.query(
      'create table orders as select n as id, md5(n::text) as note from generate_series(1, 20000) n',
    )
    const store = folderStore({ path: join(source.folder, 'repository') })
    await using backup = createBackup({
      repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
      cacheFolder: join(source.folder, 'cache'),
      sources: { db: postgresSource({ connector: source.connector }) },
      retention: { last: 1 },
    })
    const ids: string[] = []
    for (let round = 0; round < 3; round++) {
      await source.sql.query(`update orders set note = 'round ${round}' where id % 7 = ${round}`)
      ids.push((await backup.run('db')).id)
    }
    const { keep, remove } = (await backup.forget()).db
    expect(remove).toEqual([])
    expect(keep.map(({ snapshot }) => snapshot.id)).toEqual(ids.toReversed())
    expect(keep.at(-1)!.reasons[0]).toContain('needed by')
    await (await openAgain(source)).forget([ids[1]!])
    const into = join(source.folder, 'broken')
    await expect(backup.restore('db', { from: ids[2]!, into })).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_CHAIN_BROKEN',
    })
    // What is left is worth something, and the next backup is a full one.
    await backup.restore('db', { from: ids[0]!, into })
    expect((await backup.run('db')).bytes).toBeGreaterThan(20_000_000)
  })
})

function openAgain({ folder }: Source) {
  return openRepository({ store: folderStore({ path: join(folder, 'repository') }), password: 'secret' })
}

async function digestsOf(sql: Parameters<typeof value>[0]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const query of digests) found.push(await value(sql, query))
  return found
}

/** Restores, checks the manifest that was written, boots, checks every index and heap, and reads the tables. */
async function restoredDigests({ folder, server }: Source, backup: Backup<'db'>, id: string): Promise<unknown[]> {
  const into = join(folder, `restored-${id.slice(0, 8)}`)
  const owner = await systemDisk.stat(server.dataFolder)
  const { cluster } = await backup.restore('db', { from: id, into, durable: false, owner })
  const { dataFolder, tablespaces } = cluster!
  await arrangeForVerification(folder, dataFolder, tablespaces)
  const { problems } = await verifyBackup({ folder: join(folder, 'verify') })
  expect(problems.filter(({ path }) => path !== 'tablespace_map')).toEqual([])
  const { major } = server.installation.version
  await using restored = await startPostgres({ dataFolder, major, disposable: true, settings: { fsync: 'off' } })
  await using sql = await postgresConnector(restored.connection).sql()
  await waitForRecovery(sql, { timeout: '30s' })
  await sql.query('create extension amcheck')
  await sql.query(`select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = relam
    where amname = 'btree' and relkind = 'i' and relpersistence = 'p'`)
  const damage = await sql.query(`select r.* from pg_class c, lateral verify_heapam(c.oid) r
    where relkind in ('r', 't', 'm') and relam = 2 and relpersistence = 'p'`)
  expect(damage.rows).toEqual([])
  const found = await digestsOf(sql)
  return found
}

/** `verifyBackup` knows the layout in which base backups are received. */
async function arrangeForVerification(
  folder: string,
  dataFolder: string,
  tablespaces: readonly { readonly oid: number; readonly path: string }[],
): Promise<void> {
  const verify = join(folder, 'verify')
  await systemDisk.makeFolder(join(verify, 'tablespaces'))
  for (const [target, link] of [
    [dataFolder, join(verify, 'base')],
    ...tablespaces.map(({ oid, path }) => [path, join(verify, 'tablespaces', String(oid))]),
  ] as const) {
    await systemDisk.removeFile(link).catch(() => {})
    await systemDisk.symlink(target, link)
  }
}
