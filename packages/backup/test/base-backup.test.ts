import { join } from 'node:path'
import { ExprsnError } from '@exprsn/core'
import { diskErrors, exists, makeTemporaryFolder, readFile, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import {
  createWalReceiver,
  currentPosition,
  discardSink,
  emitMarker,
  planRecovery,
  prepareRecovery,
  receiveBaseBackup,
  verifyBackup,
  type BackupSink,
} from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { serverUser, startPostgres } from '@exprsn/backup/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { majors, startSource, value, type Source } from './source.ts'

const codeOf = (error: unknown): string => (ExprsnError.is(error) ? error.code : String(error))
const rejection = (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', codeOf)

describe.each(majors)('base backup of PostgreSQL %i', (major) => {
  let source: Source
  let space = ''

  beforeAll(async () => {
    source = await startSource(major)
    space = await makeTemporaryFolder(systemDisk, { prefix: 'space-' })
    await systemDisk.makeFolder(join(space, 'fast'))
    await systemDisk.setMode(space, 0o711)
    const owner = await systemDisk.stat(source.server.dataFolder)
    await systemDisk.setOwner(join(space, 'fast'), owner.userId, owner.groupId)
    await source.sql.query(`create tablespace fast location '${join(space, 'fast')}'`)
    await source.sql.query(
      "create table there tablespace fast as select n, repeat('x', 500) from generate_series(1, 20000) n",
    )
    await source.sql.query('create table here as select n, md5(n::text) from generate_series(1, 20000) n')
  })
  afterAll(async () => {
    await source[Symbol.asyncDispose]()
    await removeTree(systemDisk, space)
  })

  it(
    'relocates tablespaces, refuses impossible targets with the window, and finds damage',
    { timeout: 90_000 },
    async () => {
      const { connector, folder, sql } = source
      const [base, wal] = [join(folder, 'base'), join(folder, 'wal')]
      await using receiver = createWalReceiver({ connector, slot: 'exprsn', into: wal })
      await receiver.start()
      const early = await currentPosition(sql)
      await sql.query('create table noted as select 1')
      const backup = await receiveBaseBackup({ connector, into: base, manifestChecksums: 'SHA256', label: "it's" })
      expect(backup.tablespaces).toEqual([{ oid: expect.any(Number), location: join(space, 'fast') }])
      expect((await verifyBackup({ folder: base })).problems).toEqual([])
      await sql.query('insert into here values (0, null)')
      await sql.query("select pg_create_restore_point('release')")
      const xid = await value(
        sql,
        'with w as (insert into here values (-1, null) returning 1) select pg_current_xact_id()::text from w',
      )
      await receiver.waitFor(await emitMarker(sql), { timeout: '10s' })
      await receiver.stop()

      const plan = (until: Parameters<typeof planRecovery>[0]['until']) => planRecovery({ base, wal, until })
      const { window } = await plan('latest')
      expect(window.toLsn).toBeGreaterThan(backup.endLsn)
      expect(await rejection(plan({ time: early.time }))).toBe('BACKUP_RESTORE_TOO_EARLY')
      expect(await rejection(plan({ lsn: backup.startLsn }))).toBe('BACKUP_RESTORE_TOO_EARLY')
      expect(await rejection(plan({ time: '2099-01-01T00:00:00Z' }))).toBe('BACKUP_RESTORE_TOO_LATE')
      expect(await rejection(plan({ lsn: window.toLsn + 8n }))).toBe('BACKUP_RESTORE_TOO_LATE')
      expect(await rejection(plan({ name: 'unknown' }))).toBe('BACKUP_RESTORE_NOT_FOUND')
      expect(await rejection(plan({ xid: 4_000_000_000 }))).toBe('BACKUP_RESTORE_NOT_FOUND')
      expect((await plan({ lsn: window.toLsn, inclusive: false })).target.kind).toBe('lsn')

      const owner = await serverUser(systemDisk)
      const place = join(folder, 'moved')
      const oid = backup.tablespaces[0]!.oid
      const prepared = await prepareRecovery({
        ...{ base, wal, into: join(folder, 'restored'), until: { xid: BigInt(String(xid)) } },
        tablespaces: { [oid]: place },
        owner,
      })
      expect(prepared.tablespaces).toEqual([{ oid, path: place }])
      await using server = await startPostgres({ dataFolder: prepared.dataFolder, major, settings: { fsync: 'off' } })
      await using restored = await postgresConnector(server.connection).sql()
      expect(await value(restored, 'select count(*)::int from there')).toBe(20_000)
      expect(await value(restored, 'select count(*)::int from here')).toBe(20_002)
      expect(await value(restored, 'select pg_tablespace_location(oid) from pg_tablespace where oid > 16383')).toBe(
        place,
      )
      expect(await rejection(prepareRecovery({ base, wal, into: prepared.dataFolder, until: 'latest' }))).toBe(
        'BACKUP_RESTORE_FOLDER_NOT_EMPTY',
      )

      const byName = await prepareRecovery({
        base,
        wal,
        into: join(folder, 'named'),
        until: { name: 'release' },
        durable: false,
        owner,
      })
      await using second = await startPostgres({ dataFolder: byName.dataFolder, major, settings: { fsync: 'off' } })
      await using named = await postgresConnector(second.connection).sql()
      expect(await value(named, 'select count(*)::int from here')).toBe(20_001)

      await damage(join(base, 'tablespaces', String(oid)), base)
      const { problems, ok } = await verifyBackup({ folder: base })
      expect(ok).toBe(false)
      expect(problems.map(({ kind, path }) => `${kind} ${path.replace(/\d+/g, 'N')}`).toSorted(compareText)).toEqual([
        'checksum global/pg_control',
        'extra pg_tblspc/N/stray',
        'extra stray',
        'missing pg_xact/N',
        'size PG_VERSION',
      ])
      await systemDisk.removeFile(join(base, 'base', 'global', 'pg_control'))
      expect(await rejection(plan('latest'))).toBe('BACKUP_RESTORE_DAMAGED')
      await systemDisk.removeFile(join(base, 'base', 'backup_manifest'))
      expect(await rejection(verifyBackup({ folder: base }))).toBe('BACKUP_MANIFEST_MISSING')
    },
  )

  it('leaves nothing behind when the connection is cut in the middle', async () => {
    const { connector, folder, sql } = source
    const into = join(folder, 'cut')
    let killed = false
    const backup = receiveBaseBackup({
      ...{ connector, into, maxRate: 8_192 },
      onProgress: ({ done }) => {
        if (killed || done < 1_000_000) return
        killed = true
        void sql.query("select pg_terminate_backend(pid) from pg_stat_replication where application_name = 'exprsn'")
      },
    })
    expect(await rejection(backup)).toBe('BACKUP_POSTGRES_CONNECTION_LOST')
    expect(await exists(systemDisk, into)).toBe(false)
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
  })

  it('ends at once with the signal', async () => {
    const { connector, folder } = source
    const controller = new AbortController()
    const into = join(folder, 'aborted')
    const backup = receiveBaseBackup({
      ...{ connector, into, maxRate: 1_024, signal: controller.signal },
      onProgress: () => controller.abort(new Error('changed my mind')),
    })
    await expect(backup).rejects.toThrow('changed my mind')
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
    await expect(receiveBaseBackup({ connector, into, signal: controller.signal })).rejects.toThrow('changed my mind')
  })

  it('reports a full disk as that and cleans up', async () => {
    const { connector, folder } = source
    const into = join(folder, 'full')
    let room = 3_000_000
    const disk: Disk = {
      ...systemDisk,
      openSync(path, mode, options) {
        const file = systemDisk.openSync(path, mode, options)
        const writeSync = file.writeSync.bind(file)
        return Object.assign(file, {
          writeSync(bytes: Uint8Array, position: number): void {
            room -= bytes.length
            if (room < 0) throw diskErrors.CORE_DISK_FULL({ path, operation: 'write', errno: 'ENOSPC' })
            writeSync(bytes, position)
          },
        })
      },
    }
    expect(await rejection(receiveBaseBackup({ connector, into, disk }))).toBe('CORE_DISK_FULL')
    expect(await exists(systemDisk, into)).toBe(false)
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
  })

  it('waits for a slow sink, and passes on what the sink throws', async () => {
    const { connector } = source
    let open = 0
    let most = 0
    let writes = 0
    const slow: BackupSink = {
      ...discardSink(),
      write() {
        if (++writes % 500 !== 0) return undefined
        most = Math.max(most, ++open)
        return new Promise((resolve) =>
          setTimeout(() => {
            open--
            resolve()
          }, 5),
        )
      },
    }
    const { bytes, files } = await receiveBaseBackup({ connector, sink: slow })
    expect(bytes).toBeGreaterThan(20_000_000)
    expect(files).toBeGreaterThan(900)
    expect(most).toBeLessThanOrEqual(2)
    expect(open).toBe(0)
    let aborted = 0
    const failing: BackupSink = {
      ...discardSink(),
      write: () => Promise.reject(new Error('no more')),
      abort: async () => void aborted++,
    }
    await expect(receiveBaseBackup({ connector, sink: failing })).rejects.toThrow('no more')
    expect(aborted).toBe(1)
  })

  it('refuses options and folders that cannot be', async () => {
    const { connector, folder } = source
    expect(await rejection(receiveBaseBackup({ connector }))).toBe('BACKUP_BASE_OPTION_INVALID')
    const sink = discardSink()
    for (const wrong of [{ maxRate: 31 }, { label: 'a\nb' }, { into: 'x' }])
      expect(await rejection(receiveBaseBackup({ connector, sink, ...wrong }))).toBe('BACKUP_BASE_OPTION_INVALID')
    expect(await rejection(receiveBaseBackup({ connector, into: folder }))).toBe('BACKUP_BASE_TARGET_NOT_EMPTY')
  })

  it('says what is wrong with a connection', async () => {
    const { sql, server } = source
    await sql.query('create role plain login; create role keeper login replication')
    const { host, port } = server.connection
    const connect = (fields: object) => rejection(postgresConnector({ host, port, ...fields }).replication())
    expect(await connect({ user: 'plain' })).toBe('BACKUP_POSTGRES_NO_REPLICATION')
    expect(await connect({ user: 'keeper' })).toBe('no error')
    expect(await connect({ user: 'nobody_here' })).toBe('BACKUP_POSTGRES_NOT_ALLOWED')
    expect(await connect({ host: '/nowhere' })).toBe('BACKUP_POSTGRES_UNREACHABLE')
    expect(await connect({ host: '127.0.0.1', port: 1 })).toBe('BACKUP_POSTGRES_UNREACHABLE')
    expect(await rejection(postgresConnector({ host, port, database: 'none' }).sql())).toBe(
      'BACKUP_POSTGRES_DATABASE_UNKNOWN',
    )
  })
})

const compareText = (a: string, b: string): number => (a < b ? -1 : 1)

/** One file longer, one changed, one gone, two too many. */
async function damage(tablespace: string, base: string): Promise<void> {
  await write(join(base, 'base', 'PG_VERSION'), 'longer\n')
  const control = Buffer.from(await readFile(systemDisk, join(base, 'base', 'global', 'pg_control')))
  control[20] = control[20]! ^ 1
  await write(join(base, 'base', 'global', 'pg_control'), control)
  await systemDisk.removeFile(join(base, 'base', 'pg_xact', '0000'))
  await write(join(base, 'base', 'stray'), 'x')
  await write(join(tablespace, 'stray'), 'x')
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = await systemDisk.open(path, 'truncate')
  await file.write(Buffer.from(content), 0)
  await file.close()
}
