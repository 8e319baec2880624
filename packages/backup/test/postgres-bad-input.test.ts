import { join } from 'node:path'
import { createBackup, createWalReceiver, openRepository, receiveBaseBackup } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { silentLogger, systemClock } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { bootRestored, type ThrowAwayContext } from '../src/postgres/throw-away.ts'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, value } from './source.ts'

const [major = 0] = majors

describe('a server that cannot be backed up says what to change', () => {
  it('when the role lacks REPLICATION, and when no slot is free', { timeout: 120_000 }, async (context) => {
    const folder = await makeTemporaryFolder(systemDisk, { prefix: 'bad-input-' })
    context.onTestFinished(() => removeTree(systemDisk, folder))
    await using server = await startPostgres({ major, settings: { max_replication_slots: '1', fsync: 'off' } })
    const connector = postgresConnector(server.connection)
    await using sql = await connector.sql()
    await sql.query('create role plain login')
    const plain = postgresConnector({ ...server.connection, user: 'plain' })
    await expect(receiveBaseBackup({ connector: plain, into: `${folder}/base` })).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_NO_REPLICATION',
      help: expect.stringContaining('REPLICATION'),
    })
    await sql.query("select pg_create_physical_replication_slot('taken')")
    const receiver = createWalReceiver({ connector, slot: 'wanted', into: `${folder}/wal` })
    await expect(receiver.start()).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_NO_FREE_SLOT',
      help: expect.stringContaining('max_replication_slots'),
    })
    await receiver.stop()
  })

  it('when wal_level is too low', { timeout: 120_000 }, async (context) => {
    const folder = await makeTemporaryFolder(systemDisk, { prefix: 'bad-input-' })
    context.onTestFinished(() => removeTree(systemDisk, folder))
    const settings = { wal_level: 'minimal', max_wal_senders: '0', fsync: 'off' }
    await using server = await startPostgres({ major, settings })
    const connector = postgresConnector(server.connection)
    await expect(receiveBaseBackup({ connector, into: `${folder}/base` })).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_WAL_LEVEL',
      help: expect.stringContaining('wal_level = replica'),
    })
  })
})

describe('a machine that cannot run what is restored says what it lacks', () => {
  it('a locale', async () => {
    await using database = await freshPostgresDatabase(15)
    await using other = await freshPostgresDatabase(15)
    await using sql = await postgresConnector(other.connection).sql()
    // As a cluster looks on a machine without the locale that its databases were made with.
    const name = database.connection.database
    await sql.query(
      `update pg_database set datcollate = 'xx_XX.UTF-8', datctype = 'xx_XX.UTF-8' where datname = '${name}'`,
    )
    await expect(postgresConnector(database.connection).sql()).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_LOCALE_MISSING',
      help: expect.stringContaining('locale-gen'),
    })
  })

  it('an extension, and the library of one', async () => {
    await using database = await freshPostgresDatabase()
    await using sql = await postgresConnector(database.connection).sql()
    const missing = { code: 'BACKUP_POSTGRES_EXTENSION_MISSING', help: expect.stringContaining('Install') }
    await expect(sql.query('create extension no_such_extension')).rejects.toMatchObject(missing)
    await sql.query(`create function f() returns int language c as '$libdir/plpgsql', 'plpgsql_call_handler'`)
    await sql.query(`update pg_proc set probin = '$libdir/no_such_library' where proname = 'f'`)
    await expect(sql.query('select f()')).rejects.toMatchObject(missing)
  })

  /** Boots what cannot be restored: whatever fails in another way has failed before. */
  const boot = (needs: ThrowAwayContext['needs'], wanted = major) =>
    bootRestored(
      {
        restore: () => Promise.reject(new Error('it was restored first')),
        connectTo: () => Promise.reject(new Error('it was started')) as never,
        ...{ major: wanted, needs, disk: systemDisk, clock: systemClock, logger: silentLogger },
      },
      { recoveryTimeout: 1, measured: false },
    )

  it('the major version, before anything is restored', async () => {
    await expect(boot({ extensions: [], locales: [] }, 99)).rejects.toMatchObject({
      ...{ code: 'BACKUP_SERVER_MAJOR_NOT_FOUND', help: expect.any(String) },
    })
  })

  it.each(majors)(
    'extensions and locales for PostgreSQL %i, all at once, before anything is restored',
    async (each) => {
      const booting = boot(
        { extensions: ['amcheck', 'no_such_extension'], locales: ['C', 'C.UTF-8', 'xx_XX.UTF-8'] },
        each,
      )
      await expect(booting).rejects.toMatchObject({
        code: 'BACKUP_POSTGRES_MACHINE_LACKS',
        message: expect.stringContaining('the extension no_such_extension and the locale xx_XX.UTF-8'),
        details: { extensions: ['no_such_extension'], locales: ['xx_XX.UTF-8'] },
        help: expect.stringContaining('locale-gen'),
      })
      // Nothing is missing: it goes on.
      await expect(boot({ extensions: ['amcheck'], locales: ['C'] }, each)).rejects.toThrow('it was restored first')
    },
  )

  it(
    'and a drill there is a failed one with that reason, while tables can be fetched',
    { timeout: 120_000 },
    async () => {
      await using source = await startSource(major)
      const { sql, folder, connector } = source
      await sql.query('create table orders as select n as id from generate_series(1, 100) n')
      // As if the cluster came from a machine that has more.
      await sql.query(`insert into pg_extension select 99999, 'no_such_extension', extowner, extnamespace, extrelocatable, extversion
      from pg_extension where extname = 'plpgsql'`)
      const store = folderStore({ path: join(folder, 'repository') })
      await using backup = createBackup({
        repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
        cacheFolder: join(folder, 'cache'),
        sources: { db: postgresSource({ connector, receiveWal: false }) },
      })
      await backup.run('db')
      expect(await backup.drill('db')).toMatchObject({
        ok: false,
        failure: expect.stringMatching(/^BACKUP_POSTGRES_MACHINE_LACKS: .* it lacks the extension no_such_extension/),
        restoreSeconds: 0,
      })
      await backup.restoreTable('db', { table: 'orders', as: 'again', target: connector })
      expect(await value(sql, 'select count(*)::int from again')).toBe(100)
    },
  )
})
