import { join } from 'node:path'
import {
  createBackup,
  folderSink,
  openRepository,
  receiveBaseBackup,
  verifyBackup,
  type PostgresConnector,
} from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { exportTables, importTables } from '@exprsn/backup/logical'
import { sleep } from '@exprsn/core'
import { exists, systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { createFaultProxy, type FaultProxy, type ProxyFault } from '@exprsn/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, value, type Source } from './source.ts'

const lost = { code: 'BACKUP_POSTGRES_CONNECTION_LOST', retryable: true }
const silence = { ...lost, message: expect.stringMatching(/nothing was heard for .* s, and it/) }

const [newest = 0] = majors

describe('a server that falls silent in the middle of a command', { timeout: 120_000 }, () => {
  let source: Source
  let proxy: FaultProxy

  beforeAll(async () => {
    source = await startSource(newest, {}, true, 'tcp')
    const { host, port } = source.server.connection
    proxy = createFaultProxy({ target: { host, port } })
    await proxy.start()
    await source.sql.query(
      `create table events as select n as id, repeat(md5(n::text), 20) as body from generate_series(1, 20000) n`,
    )
  }, 120_000)
  afterAll(async () => {
    await proxy.close()
    await source[Symbol.asyncDispose]()
  })

  /** Connections through the proxy, of which those with that many bytes fall silent as told. */
  const behind = (...faults: readonly ProxyFault[]): PostgresConnector => {
    proxy.setFaults(faults)
    return postgresConnector({
      ...{ ...source.server.connection, ...(proxy.address as { host: string; port: number }) },
      ...{ serverTimeout: '200ms', applicationName: 'silent' },
    })
  }
  /** Sessions that the server still has, of those that went through the proxy. */
  const sessions = () =>
    value(source.sql, "select count(*)::int from pg_stat_activity where application_name = 'silent'")

  it.each(['black-hole', 'half-open'] as const)('ends a base backup with what was heard (%s)', async (kind) => {
    const into = join(source.folder, `base-${kind}`)
    await expect(receiveBaseBackup({ connector: behind({ kind, afterBytes: 5_000_000 }), into })).rejects.toMatchObject(
      silence,
    )
    expect([await exists(systemDisk, into), await exists(systemDisk, `${into}.partial`)]).toEqual([false, false])
    await expect.poll(sessions, { timeout: 100_000 }).toBe(0)
    await receiveBaseBackup({ connector: behind(), sink: await folderSink({ into, durable: false }) })
    expect((await verifyBackup({ folder: into })).problems).toEqual([])
  })

  it('ends a backup of the source, and the next one is whole', async () => {
    const store = folderStore({ path: join(source.folder, 'repository') })
    const through = (connector: PostgresConnector) =>
      createBackup({
        repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
        cacheFolder: join(source.folder, 'cache'),
        sources: { db: postgresSource({ connector, receiveWal: false }) },
      })
    {
      await using backup = through(behind({ kind: 'black-hole', afterBytes: 5_000_000 }))
      await expect(backup.run('db')).rejects.toMatchObject(silence)
    }
    await using backup = through(behind())
    const { snapshot } = await backup.run('db')
    expect(snapshot.problems).toEqual([])
    expect((await backup.check({ level: 3 })).ok).toBe(true)
  })

  it('ends an export and an import, which then go on with what is missing', async () => {
    const store = folderStore({ path: join(source.folder, 'export') })
    const options = { store, tables: ['events'], connections: 1, partSize: 4 * 2 ** 20 }
    const cut = behind({ kind: 'black-hole', afterBytes: 7_000_000 })
    await expect(exportTables({ ...options, connector: cut })).rejects.toMatchObject(silence)
    const stored: string[] = []
    for await (const { key } of store.list({ prefix: 'tables/' })) if (key.endsWith('.json')) stored.push(key)
    expect(stored.length).toBeGreaterThan(0)
    const done = await exportTables({ ...options, connector: behind() })
    expect(done.tables[0]!.rows).toBe(20_000)
    await source.sql.query('create schema copied; create table copied.events (like events)')
    const target = { store, schema: 'copied', connections: 1 }
    const swallowed = behind({ kind: 'black-hole', afterBytes: 6_000_000, direction: 'to-target' })
    await expect(importTables({ ...target, connector: swallowed })).rejects.toMatchObject(silence)
    await expect.poll(sessions, { timeout: 100_000 }).toBe(0)
    const { tables } = await importTables({ ...target, connector: behind() })
    expect(tables[0]!.partsBefore).toBeGreaterThan(0)
    expect(await value(source.sql, 'select count(*)::int from copied.events')).toBe(20_000)
  })

  it('ends a query that was answered into nothing', async () => {
    await using sql = await behind({ kind: 'black-hole', afterBytes: 1_000_000 }).sql()
    await expect(sql.query('select body from events')).rejects.toMatchObject(silence)
    await expect.poll(sessions, { timeout: 100_000 }).toBe(0)
  })

  it('lets a server work as long as it likes, and us as well', async () => {
    const connector = behind()
    await using sql = await connector.sql()
    expect(await value(sql, "select 'slept' from pg_sleep(0.7)")).toBe('slept')
    const connection = await connector.copying()
    let rows = 0
    await connection.copyOut('copy (select body from events limit 20000) to stdout', {
      // A sink that takes nothing for a while: the server stands still because of us.
      onData: () => (rows++ === 0 ? sleep(700) : undefined),
    })
    expect(rows).toBe(20_000)
    await connection.query('create temp table slow (text text)')
    await connection.copyIn('copy slow from stdin', pieces())
    await connection.close()
  })
})

/** Rows that come late. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one\n')
  await sleep(700)
  yield Buffer.from('two\n')
}
