import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ExprsnError } from '@exprsn/core'
import {
  createWalReceiver,
  discardSink,
  emitMarker,
  folderSink,
  parseManifest,
  prepareRecovery,
  readDataFolder,
  receiveBaseBackup,
  verifyBackup,
  waitForRecovery,
  type ReadDataFolderOptions,
} from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { serverUser, startPostgres } from '@exprsn/backup/server'
import {
  diskErrors,
  displayPath,
  exists,
  makeTemporaryFolder,
  readFile,
  removeTree,
  systemDisk,
  walk,
  type Disk,
} from '@exprsn/core/disk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { majors, startSource, startWriter, value, type Source } from './source.ts'

const run = promisify(execFile)
const codeOf = (error: unknown): string => (ExprsnError.is(error) ? error.code : String(error))
const rejection = (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', codeOf)
const errorOf = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
  work.then(
    () => ({ code: 'no error', message: '' }),
    (error: { code: string; message: string }) => error,
  )

/** The newest moment that a base backup and the log lead to, ready to boot. */
async function restoredFrom(places: { readonly base: string; readonly wal: string; readonly into: string }) {
  return prepareRecovery({ ...places, until: 'latest', durable: false, owner: await serverUser(systemDisk) })
}

describe.each(majors)('reading the data folder of PostgreSQL %i', (major) => {
  let source: Source
  let space = ''
  let dataFolder = ''

  beforeAll(async () => {
    source = await startSource(major)
    dataFolder = source.server.dataFolder
    space = await makeTemporaryFolder(systemDisk, { prefix: 'space-' })
    await systemDisk.makeFolder(join(space, 'fast'))
    await systemDisk.setMode(space, 0o711)
    const owner = await systemDisk.stat(dataFolder)
    await systemDisk.setOwner(join(space, 'fast'), owner.userId, owner.groupId)
    const { sql } = source
    await sql.query(`create tablespace fast location '${join(space, 'fast')}'`)
    await sql.query("create table there tablespace fast as select n, repeat('x', 500) from generate_series(1, 20000) n")
    await sql.query('create table here as select n, md5(n::text) as note from generate_series(1, 20000) n')
    await sql.query('create index on here (n)')
    await sql.query('create unlogged table lost as select n from generate_series(1, 1000) n')
    await sql.query('create unlogged table far tablespace fast as select n from generate_series(1, 1000) n')
    // Written out, so that there is something to leave out.
    await sql.query('create temporary table mine as select n from generate_series(1, 100000) n')
    await sql.query('checkpoint')
  })
  afterAll(async () => {
    await source[Symbol.asyncDispose]()
    await removeTree(systemDisk, space)
  })

  const take = async (into: string, options: Partial<ReadDataFolderOptions> = {}) =>
    readDataFolder({
      ...{ connector: source.connector, dataFolder, label: "it's" },
      sink: await folderSink({ into, durable: false }),
      ...options,
    })

  it('takes the very files that the server would send, and a manifest that PostgreSQL accepts', async () => {
    const { connector, folder, sql } = source
    // What a server leaves lying about.
    const stray = ['base/pgsql_tmp77.1', 'global/pg_internal.init.77', 'backup_label.old', 'postgresql.auto.conf.tmp']
    for (const path of stray) await write(join(dataFolder, path), 'x')
    await systemDisk.symlink('PG_VERSION', join(dataFolder, 'link'))
    const sent = join(folder, 'sent')
    await receiveBaseBackup({ connector, into: sent, label: "it's" })
    const read = join(folder, 'read')
    const backup = await take(read)
    const oid = Number(await value(sql, "select oid::int from pg_tablespace where spcname = 'fast'"))
    expect(backup.tablespaces).toEqual([{ oid, location: join(space, 'fast') }])
    const expected = await treeOf(sent)
    const actual = await treeOf(read)
    expect([...actual.keys()]).toEqual([...expected.keys()].filter((path) => !path.endsWith('.old')))
    // Whether a relation is unlogged, and whose temporary files there are, is in the names alone.
    const unlogged = String(await value(sql, "select pg_relation_filepath('lost')"))
    const temporary = String(await value(sql, "select pg_relation_filepath('mine')"))
    expect(actual.has(`base/${unlogged}_init`)).toBe(true)
    expect(actual.has(`base/${unlogged}`)).toBe(false)
    expect(await exists(systemDisk, join(dataFolder, unlogged))).toBe(true)
    expect(await exists(systemDisk, join(dataFolder, temporary))).toBe(true)
    expect(actual.has(`base/${temporary}`)).toBe(false)
    for (const [path, { kind, mode, size, content }] of actual) {
      if (path.endsWith('backup_manifest') || path.endsWith('backup_label')) continue
      expect({ path, kind, mode, size }).toEqual({ path, ...pick(expected.get(path)!) })
      // A checkpoint and the statistics of our own questions are between the two.
      if (/base\/(base|PG_VERSION|pg_hba)/.test(path))
        expect({ path, content }).toEqual({ path, content: expected.get(path)!.content })
    }
    expect((await verifyBackup({ folder: read })).problems).toEqual([])
    expect(backup.files).toBe(backup.manifest.files.length)
    expect(backup.bytes).toBe(backup.manifest.files.reduce((sum, { size }) => sum + size, 0))
    const manifest = parseManifest(await readFile(systemDisk, join(read, 'base', 'backup_manifest')))
    expect(manifest).toMatchObject({
      version: major < 17 ? 1 : 2,
      walRanges: [{ timeline: 1, start: backup.startLsn }],
    })
    expect(manifest.systemIdentifier).toBe(major < 17 ? undefined : backup.systemIdentifier)
    const verify = join(source.server.installation.binFolder, 'pg_verifybackup')
    if (await exists(systemDisk, verify)) {
      const { stdout } = await run(verify, ['--no-parse-wal', join(read, 'base')])
      expect(stdout).toContain('backup successfully verified')
    }
    for (const path of [...stray, 'link']) await systemDisk.removeFile(join(dataFolder, path))
  })

  it('brings back what was written meanwhile, every index and page of it right', { timeout: 90_000 }, async () => {
    const { connector, folder, sql } = source
    const [base, wal] = [join(folder, 'loaded'), join(folder, 'wal')]
    await using receiver = createWalReceiver({ connector, slot: 'folder', into: wal })
    await receiver.start()
    await sql.query('create table events (id serial primary key, at timestamptz, payload text)')
    const writer = startWriter(connector)
    const shaker = startShaker(source)
    const progress: number[] = []
    const backup = await take(base, {
      onProgress: ({ done, total }) => void progress.push(done / total),
      maxRate: 40_000,
    })
    await shaker.stop()
    expect(await writer.stop()).toBeGreaterThan(50)
    expect(backup.endLsn).toBeGreaterThan(backup.startLsn)
    expect(progress.length).toBeGreaterThan(2)
    expect(progress.at(-1)).toBe(1)
    expect(progress[0]).toBeLessThan(1)
    expect((await verifyBackup({ folder: base })).problems).toEqual([])
    await receiver.waitFor(await emitMarker(sql), { timeout: '10s' })
    await receiver.stop()
    const prepared = await restoredFrom({ base, wal, into: join(folder, 'restored') })
    await using server = await startPostgres({ dataFolder: prepared.dataFolder, major, settings: { fsync: 'off' } })
    await using restored = await postgresConnector(server.connection).sql()
    await waitForRecovery(restored, { timeout: '30s' })
    for (const table of ['here', 'there', 'events', 'shaken'])
      expect([table, await digestOf(restored, table)]).toEqual([table, await digestOf(sql, table)])
    expect(await value(restored, 'select count(*)::int from lost')).toBe(0)
    expect(await value(restored, 'select count(*)::int from far')).toBe(0)
    await restored.query('create extension amcheck')
    await restored.query(`select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = relam
      where amname = 'btree' and relkind = 'i' and relpersistence = 'p'`)
    const damage = await restored.query(`select r.* from pg_class c, lateral verify_heapam(c.oid) r
      where relkind in ('r', 't', 'm') and relam = 2 and relpersistence = 'p'`)
    expect(damage.rows).toEqual([])
  })

  it('makes no backup of pages whose checksum is wrong, and names the first', async () => {
    const { connector, folder, sql } = source
    await sql.query('create table hurt as select n, repeat($$y$$, 200) from generate_series(1, 20000) n')
    await sql.query('checkpoint')
    const path = String(await value(sql, "select pg_relation_filepath('hurt')"))
    for (const page of [70, 71, 300]) await flip(join(dataFolder, path), page * 8_192 + 5_000)
    const into = join(folder, 'damaged')
    const error = await errorOf(take(into))
    expect(error).toMatchObject({ code: 'BACKUP_BASE_PAGES_DAMAGED', details: { path, page: 70, count: 3 } })
    expect(await exists(systemDisk, into)).toBe(false)
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
    // As when the server sends them.
    expect(await rejection(receiveBaseBackup({ connector, sink: discardSink() }))).toBe('BACKUP_POSTGRES_REFUSED')
    await sql.query('drop table hurt')
    await sql.query('checkpoint')
    expect(await rejection(take(into))).toBe('no error')
  })

  it('refuses every folder but the one that the server works in', async () => {
    const { folder } = source
    await take(join(folder, 'copied'))
    const copy = join(folder, 'copied', 'base')
    expect(await errorOf(take(join(folder, 'no'), { dataFolder: copy }))).toMatchObject({
      code: 'BACKUP_BASE_FOLDER_WRONG',
      message: expect.stringContaining('a copy or the folder of another server'),
    })
    await using other = await startPostgres({ major, resolveFrom: import.meta.filename, settings: { fsync: 'off' } })
    expect(await errorOf(take(join(folder, 'no'), { dataFolder: other.dataFolder }))).toMatchObject({
      code: 'BACKUP_BASE_FOLDER_WRONG',
      message: expect.stringContaining('it belongs to cluster'),
    })
    expect(await errorOf(take(join(folder, 'no'), { dataFolder: folder }))).toMatchObject({
      code: 'BACKUP_BASE_FOLDER_WRONG',
      message: expect.stringContaining('there is no global/pg_control in it'),
    })
    expect(await exists(systemDisk, join(folder, 'no.partial'))).toBe(false)
  })

  it('says which file or tablespace cannot be read', async () => {
    const { folder } = source
    const denying = (pattern: RegExp): Disk => ({
      ...systemDisk,
      async open(path, mode, options) {
        if (mode === 'read' && pattern.test(String(path)))
          throw diskErrors.CORE_DISK_DENIED({ path, operation: 'open', errno: 'EACCES' })
        return systemDisk.open(path, mode, options)
      },
    })
    for (const [pattern, path] of [
      [/pg_control$/, 'global/pg_control'],
      [/PG_VERSION$/, 'PG_VERSION'],
    ] as const) {
      const error = await errorOf(take(join(folder, 'no'), { disk: denying(pattern) }))
      expect(error.code).toBe('BACKUP_BASE_FOLDER_UNREADABLE')
      expect(error.message).toContain(path)
    }
    await systemDisk.rename(join(space, 'fast'), join(space, 'away'))
    const error = await errorOf(take(join(folder, 'no')))
    await systemDisk.rename(join(space, 'away'), join(space, 'fast'))
    expect(error).toMatchObject({
      code: 'BACKUP_BASE_FOLDER_UNREADABLE',
      message: expect.stringContaining(join(space, 'fast')),
    })
    expect(await exists(systemDisk, join(folder, 'no.partial'))).toBe(false)
  })

  it('needs a role that may begin and end a backup, and nothing more', async () => {
    const { folder, sql, server } = source
    await sql.query('create role keeper login')
    const connector = postgresConnector({ ...server.connection, user: 'keeper' })
    expect(await rejection(take(join(folder, 'kept'), { connector }))).toBe('BACKUP_BASE_NOT_ALLOWED')
    await sql.query('grant execute on function pg_backup_start(text, boolean), pg_backup_stop(boolean) to keeper')
    expect(await rejection(take(join(folder, 'kept'), { connector }))).toBe('no error')
    expect((await verifyBackup({ folder: join(folder, 'kept') })).problems).toEqual([])
    for (const wrong of [{ maxRate: 31 }, { label: 'a\nb' }])
      expect(await rejection(take(join(folder, 'no'), wrong))).toBe('BACKUP_BASE_OPTION_INVALID')
    expect(await exists(systemDisk, join(folder, 'no.partial'))).toBe(false)
  })

  it('ends with the signal, for the server too', async () => {
    const { folder, server } = source
    const controller = new AbortController()
    const into = join(folder, 'aborted')
    const aborted = 'aborting backup due to backend exiting before pg_backup_stop was called'
    const count = (): number => server.log().filter((line) => line.includes(aborted)).length
    const before = count()
    const backup = take(into, {
      ...{ maxRate: 8_192, signal: controller.signal },
      onProgress: () => controller.abort(new Error('changed my mind')),
    })
    await expect(backup).rejects.toThrow('changed my mind')
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
    await expect.poll(count).toBe(before + 1)
    await expect(take(into, { signal: controller.signal })).rejects.toThrow('changed my mind')
  })

  it('is told when the server has ended the session meanwhile', async () => {
    const { folder, sql } = source
    const into = join(folder, 'ended')
    let killed = false
    const backup = take(into, {
      maxRate: 65_536,
      onProgress() {
        if (!killed)
          void sql.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_backup_start' and pid <> pg_backend_pid()",
          )
        killed = true
      },
    })
    expect(await rejection(backup)).toBe('BACKUP_POSTGRES_CONNECTION_LOST')
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
  })
})

describe.each(majors)('reading the data folder of a standby of PostgreSQL %i', (major) => {
  it('gives a backup, unless it is promoted meanwhile', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder, server, connector } = source
    await sql.query('create table here as select n, md5(n::text) as note from generate_series(1, 20000) n')
    await readDataFolder({
      ...{ connector, dataFolder: server.dataFolder },
      sink: await folderSink({ into: join(folder, 'first'), durable: false }),
    })
    const dataFolder = join(folder, 'standby')
    await systemDisk.rename(join(folder, 'first', 'base'), dataFolder)
    await write(join(dataFolder, 'standby.signal'), '')
    const { host, port, user } = server.connection
    // Its primary does not wait for the disk either: the standby would fall behind by as much as is written meanwhile.
    const settings = { primary_conninfo: `host=${host} port=${port} user=${user}`, hot_standby: 'on', fsync: 'off' }
    await using standby = await startPostgres({
      ...{ dataFolder, major, readyWhen: 'readable', disposable: true, settings },
    })
    const there = postgresConnector(standby.connection)
    await using asking = await there.sql()
    const wal = join(folder, 'wal')
    await using receiver = createWalReceiver({ connector: there, slot: 'folder', into: wal })
    await receiver.start()
    const base = join(folder, 'second')
    const into = async (name: string) => folderSink({ into: join(folder, name), durable: false })
    // The primary's folder is another one, of the same cluster.
    const wrong = readDataFolder({ connector: there, dataFolder: server.dataFolder, sink: await into('wrong') })
    expect(await rejection(wrong)).toBe('BACKUP_BASE_FOLDER_WRONG')
    const shaker = startShaker(source)
    const backup = await readDataFolder({ connector: there, dataFolder, sink: await into('second'), maxRate: 40_000 })
    await shaker.stop()
    const marker = await emitMarker(sql)
    await receiver.waitFor(marker, { timeout: '60s' })
    await receiver.stop()
    expect(backup.timeline).toBe(1)
    expect((await verifyBackup({ folder: base })).problems).toEqual([])
    const prepared = await restoredFrom({ base, wal, into: join(folder, 'restored') })
    await using copy = await startPostgres({
      ...{ dataFolder: prepared.dataFolder, major, disposable: true, settings: { fsync: 'off', primary_conninfo: '' } },
    })
    await using restored = await postgresConnector(copy.connection).sql()
    await waitForRecovery(restored, { timeout: '60s' })
    for (const table of ['here', 'shaken']) expect(await digestOf(restored, table)).toBe(await digestOf(sql, table))

    let promoted = false
    const promotedMeanwhile = readDataFolder({
      ...{ connector: there, dataFolder, sink: await into('third'), maxRate: 16_384 },
      onProgress() {
        if (!promoted) void asking.query('select pg_promote()')
        promoted = true
      },
    })
    expect(await rejection(promotedMeanwhile)).toBe('BACKUP_BASE_INCOMPLETE')
    expect(await exists(systemDisk, join(folder, 'third.partial'))).toBe(false)
  })
})

/** Makes files come, grow, shrink and go until it is stopped. */
function startShaker({ connector, sql }: Source): { stop(): Promise<void> } {
  let running = true
  const work = (async () => {
    await sql.query('create table if not exists shaken (n int, note text)')
    await using own = await connector.sql()
    for (let round = 0; running; round++) {
      await own.query(`create table passing_${round} as select n, repeat('z', 300) from generate_series(1, 5000) n`)
      await own.query(`insert into shaken select n, md5(n::text) from generate_series(1, 3000) n`)
      await own.query('update shaken set n = n + 1 where n % 3 = 0')
      if (round % 3 === 1) await own.query('delete from shaken where n % 2 = 0')
      if (round % 3 === 2) await own.query('vacuum full shaken')
      if (round % 4 === 3) await own.query('truncate shaken')
      await own.query('vacuum shaken')
      await own.query(`drop table passing_${round}`)
      if (round % 2 === 0) await own.query('checkpoint')
    }
  })()
  return {
    async stop() {
      running = false
      await work
    },
  }
}

function digestOf(sql: Parameters<typeof value>[0], table: string): Promise<unknown> {
  return value(sql, `select count(*) || md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t`)
}

interface TreeFacts {
  readonly kind: string
  readonly mode: number
  readonly size: number
  readonly content: string
}

const pick = ({ kind, mode, size }: TreeFacts) => ({ kind, mode, size })

/** Everything below a folder, by its path there. Sizes and content are of files. */
async function treeOf(folder: string): Promise<Map<string, TreeFacts>> {
  const tree = new Map<string, TreeFacts>()
  for await (const { path, stat } of walk(systemDisk, folder)) {
    const isFile = stat.kind === 'file'
    tree.set(displayPath(path).slice(folder.length + 1), {
      ...{ kind: stat.kind, mode: stat.kind === 'symlink' ? 0 : stat.mode, size: isFile ? stat.size : 0 },
      content: isFile ? Buffer.from(await readFile(systemDisk, path)).toString('latin1') : '',
    })
  }
  return tree
}

async function write(path: string, content: string): Promise<void> {
  const file = await systemDisk.open(path, 'truncate')
  await file.write(Buffer.from(content), 0)
  await file.close()
}

async function flip(path: string, at: number): Promise<void> {
  const file = await systemDisk.open(path, 'update')
  const byte = new Uint8Array(1)
  await file.read(byte, at)
  byte[0]! ^= 1
  await file.write(byte, at)
  await file.close()
}
