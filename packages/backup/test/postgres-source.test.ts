import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  createBackup,
  currentPosition,
  openRepository,
  verifyBackup,
  waitForRecovery,
  type Backup,
  type RecoveryTarget,
} from '@exprsn/backup'
import { postgresConnector, postgresSource, type PostgresSourceOptions } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { exists, systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { ownTree } from '../src/files/own-tree.ts'
import { resticMissing, restic } from './restic.ts'
import { cheapScrypt } from './sample-repository.ts'
import { emitReceived, majors, startSource, value, type Source } from './source.ts'

const run = promisify(execFile)
const digest = "select count(*) || ' ' || md5(coalesce(string_agg(o::text, ',' order by id), '')) from orders o"

/** An engine over a repository in the source's folder. */
function engine({ folder, connector }: Source, options: Partial<PostgresSourceOptions> = {}): Backup<'db'> {
  const store = folderStore({ path: join(folder, 'repository') })
  return createBackup({
    repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
    cacheFolder: join(folder, 'cache'),
    sources: { db: postgresSource({ connector, ...options }) },
    retention: { last: 1 },
  })
}

/** The digest of a table in a cluster that was restored to a target. */
async function restored(source: Source, backup: Backup<'db'>, name: string, until: RecoveryTarget, query = digest) {
  const into = join(source.folder, `restored-${name}`)
  const { cluster } = await backup.restore('db', { into, until, durable: false })
  const { major } = source.server.installation.version
  await using server = await startPostgres({
    ...{ dataFolder: cluster!.dataFolder, major, disposable: true, settings: { fsync: 'off' } },
  })
  await using sql = await postgresConnector(server.connection).sql()
  await waitForRecovery(sql, { timeout: '30s' })
  return { digest: await value(sql, query), cluster: cluster! }
}

async function prepareOrders({ sql }: Source, rows = 5_000): Promise<void> {
  await sql.query('create table orders (id serial primary key, note text)')
  await sql.query(`insert into orders (note) select md5(n::text) from generate_series(1, ${rows}) n`)
}

describe.each(majors)('a PostgreSQL %i source', (major) => {
  it('brings any moment back from the repository', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder } = source
    await prepareOrders(source)
    await using backup = engine(source)
    backup.start()
    const full = await backup.run('db')
    await sql.query("insert into orders (note) values ('kept')")
    const [expected, before] = [await value(sql, digest), await currentPosition(sql)]
    await sql.query("select pg_create_restore_point('before the mistake')")
    const xid = await value(sql, 'with done as (delete from orders) select pg_current_xact_id()::text')
    await emitReceived(sql)

    const byTime = await restored(source, backup, 'time', { time: before.time })
    expect(byTime.digest).toBe(expected)
    expect(byTime.cluster.snapshot).toBe(full.id)
    expect((await restored(source, backup, 'lsn', { lsn: before.lsn, inclusive: false })).digest).toBe(expected)
    expect((await restored(source, backup, 'name', { name: 'before the mistake' })).digest).toBe(expected)
    expect((await restored(source, backup, 'xid', { xid: BigInt(String(xid)) })).digest).toMatch(/^0 /)
    expect((await restored(source, backup, 'latest', 'latest')).digest).toMatch(/^0 /)
    expect((await restored(source, backup, 'immediate', 'immediate')).digest).toMatch(/^5000 /)

    const [window] = await backup.recoverable('db')
    expect(window).toMatchObject({ timeline: 1, snapshots: [full.id], gap: undefined })
    expect(window!.to.lsn).toBeGreaterThan(before.lsn)
    const into = join(folder, 'never')
    await expect(backup.restore('db', { into, until: { time: '2001-01-01T00:00:00Z' } })).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_NO_BACKUP',
      message: expect.stringContaining(window!.from.time),
    })
    await expect(backup.restore('db', { into, until: { time: '2099-01-01T00:00:00Z' } })).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_NO_BACKUP',
    })
    await expect(backup.restore('db', { into, until: { name: 'unknown' } })).rejects.toMatchObject({
      code: 'BACKUP_RESTORE_NOT_FOUND',
    })
    expect(await exists(systemDisk, into)).toBe(false)
    expect(await exists(systemDisk, `${into}.wal`)).toBe(false)
  })

  it.skipIf(resticMissing !== undefined)(
    `is restored by restic and PostgreSQL alone (${resticMissing ?? 'restic found'})`,
    { timeout: 120_000 },
    async () => {
      await using source = await startSource(major)
      const { sql, folder, server } = source
      await systemDisk.makeFolder(join(folder, 'space'))
      const space = join(folder, 'space')
      const owner = await systemDisk.stat(server.dataFolder)
      await systemDisk.setOwner(space, owner.userId, owner.groupId)
      await sql.query(`create tablespace elsewhere location '${space}'`)
      await prepareOrders(source)
      await sql.query('create table far (id int) tablespace elsewhere')
      await sql.query('insert into far select generate_series(1, 1000)')
      const backup = engine(source, { receiveWal: false })
      await backup.run('db')
      await backup.close()
      expect(await value(sql, 'select count(*)::int from pg_replication_slots')).toBe(0)

      const out = join(folder, 'by-restic')
      const repository = join(folder, 'repository')
      expect(restic(repository, ['check', '--read-data'])).toContain('no errors were found')
      const list = JSON.parse(restic(repository, ['snapshots', '--json'])) as { id: string; paths: string[] }[]
      for (const { id, paths } of list)
        restic(repository, ['restore', id, '--target', join(out, paths[0] === '/db' ? 'base' : 'wal')])
      const base = join(out, 'base', 'base')
      expect((await verifyBackup({ folder: join(out, 'base') })).problems).toEqual([])
      const segments = join(out, 'wal', 'wal')
      const verify = join(server.installation.binFolder, 'pg_verifybackup')
      if (await exists(systemDisk, verify)) {
        const { stdout } = await run(verify, ['--no-parse-wal', base])
        expect(stdout).toContain('backup successfully verified')
      }
      const dataFolder = await readyForRecovery(base, out)
      // As a person would: the server's user gets what it is to read.
      await ownTree(systemDisk, out, owner)
      const command = `f=${segments}/$(echo %f | cut -c1-16)/%f; cp "$f" %p || cp "$f.partial" %p`
      await using copy = await startPostgres({
        dataFolder,
        major,
        settings: { fsync: 'off', restore_command: command, recovery_target_action: 'promote' },
      })
      await using restoredSql = await postgresConnector(copy.connection).sql()
      await waitForRecovery(restoredSql, { timeout: '30s' })
      expect(await value(restoredSql, digest)).toBe(await value(sql, digest))
      expect(await value(restoredSql, 'select count(*)::int from far')).toBe(1_000)
    },
  )

  it('keeps what the kept snapshots need, and nothing else', { timeout: 120_000 }, async () => {
    await using source = await startSource(major, { summarize_wal: 'on' }, major >= 17)
    const { sql } = source
    await prepareOrders(source)
    await using backup = engine(source, { incremental: 'never' })
    await backup.run('db')
    for (let round = 0; round < 3; round++) {
      await sql.query('select pg_switch_wal()')
      await sql.query("insert into orders (note) values ('between')")
    }
    const second = await backup.run('db')
    const before = await backup.recoverable('db')
    expect(before[0]!.snapshots).toHaveLength(2)
    await backup.forget()
    const [window, ...others] = await backup.recoverable('db')
    expect(others).toEqual([])
    expect(window!.snapshots).toEqual([second.id])
    expect(window!.to).toEqual(before[0]!.to)
    expect((await restored(source, backup, 'after', 'latest')).digest).toBe(await value(sql, digest))
  })
})

/** What a person does by hand: a signal file, and tablespaces where restic put them. */
async function readyForRecovery(base: string, out: string): Promise<string> {
  const signal = await systemDisk.open(join(base, 'recovery.signal'), 'create-new')
  await signal.close()
  const map = await systemDisk.open(join(base, 'tablespace_map'), 'update')
  const buffer = new Uint8Array((await map.stat()).size)
  await map.read(buffer, 0)
  const oid = new TextDecoder().decode(buffer).split(' ')[0]!
  const text = new TextEncoder().encode(`${oid} ${join(out, 'base', 'tablespaces', oid)}\n`)
  await map.truncate(0)
  await map.write(text, 0)
  await map.close()
  return base
}
