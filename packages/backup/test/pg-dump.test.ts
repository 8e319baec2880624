import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findPostgres } from '@exprsn/backup/server'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { exportTables, pgDump, pgRestore } from '@exprsn/backup/logical'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { memoryStore } from '@exprsn/core/storage'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it, type TestContext } from 'vitest'
import { value } from './source.ts'

async function folderFor(context: TestContext): Promise<string> {
  const folder = await makeTemporaryFolder(systemDisk, { prefix: 'pg-dump-' })
  context.onTestFinished(() => removeTree(systemDisk, folder))
  return folder
}

/** The newest major version whose pg_dump is on this machine, as a server; without one there is nothing to run. */
async function dumpableMajor(context: TestContext): Promise<number> {
  for (const { binFolder, version, origin } of await findPostgres())
    if (origin !== 'npm' && (await readdir(binFolder)).includes('pg_dump')) return version.major
  return context.skip('there is no pg_dump on this machine')
}

describe('pg_dump and pg_restore', () => {
  it('bring schema and rows to another database, of the moment of an export', async (context) => {
    const folder = await folderFor(context)
    const major = await dumpableMajor(context)
    await using from = await freshPostgresDatabase(major)
    const connector = postgresConnector(from.connection)
    await using sql = await connector.sql()
    await sql.query('create table orders (id serial primary key, note text check (note <> $$$$))')
    await sql.query("insert into orders (note) select 'n' || n from generate_series(1, 1000) n")
    await using holder = await connector.sql()
    await holder.query('begin isolation level repeatable read')
    const snapshot = String(await value(holder, 'select pg_export_snapshot()'))
    await sql.query("insert into orders (note) values ('later')")
    const exported = await exportTables({ connector, store: memoryStore(), snapshot })
    for (const [format, jobs] of [
      ['custom', 1],
      ['directory', 2],
    ] as const) {
      await using into = await freshPostgresDatabase(major)
      const path = join(folder, format)
      const dumped = await pgDump({ connection: from.connection, into: path, format, jobs, snapshot })
      expect(dumped).toMatchObject({ path, version: expect.stringMatching(/^\d+/) })
      expect(dumped.bytes).toBeGreaterThan(1000)
      const restored = await pgRestore({ connection: into.connection, from: path, jobs })
      expect(Number.parseInt(restored.dumpedFrom, 10)).toBe(major)
      await using there = await postgresConnector(into.connection).sql()
      expect(await value(there, 'select count(*)::int from orders')).toBe(exported.tables[0]!.rows)
      await expect(there.query("insert into orders (note) values ('')")).rejects.toThrow('violates check constraint')
    }
    expect(await readdir(folder)).toEqual(['custom', 'directory'])
  })

  it('fails with a typed error and leaves nothing behind', async (context) => {
    const folder = await folderFor(context)
    const major = await dumpableMajor(context)
    await using from = await freshPostgresDatabase(major)
    const { connection } = from
    const into = join(folder, 'dump')
    await expect(pgDump({ connection, into, jobs: 2 })).rejects.toMatchObject({ code: 'BACKUP_EXPORT_OPTION_INVALID' })
    await expect(pgDump({ connection, into, binFolder: folder })).rejects.toMatchObject({
      code: 'BACKUP_DUMP_PROGRAM_MISSING',
    })
    await expect(pgDump({ connection: { ...connection, database: 'nowhere' }, into })).rejects.toMatchObject({
      code: 'BACKUP_DUMP_FAILED',
      message: expect.stringContaining('nowhere'),
    })
    await expect(pgDump({ connection, into, tables: ['nothing'] })).rejects.toMatchObject({
      code: 'BACKUP_DUMP_FAILED',
    })
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(pgDump({ connection, into, signal: stop.signal })).rejects.toThrow('enough')
    expect(await readdir(folder)).toEqual([])
    await writeFile(into, 'no dump')
    await expect(pgDump({ connection, into })).rejects.toMatchObject({ code: 'BACKUP_DUMP_EXISTS' })
    await expect(pgRestore({ connection, from: into })).rejects.toMatchObject({ code: 'BACKUP_DUMP_UNREADABLE' })
    await expect(pgRestore({ connection, from: into, jobs: 0 })).rejects.toMatchObject({
      code: 'BACKUP_EXPORT_OPTION_INVALID',
    })
  })

  it('hands the password over in the environment alone, and names versions that do not fit', async (context) => {
    const folder = await folderFor(context)
    const binFolder = join(folder, 'bin')
    await mkdir(binFolder)
    // Stands in for a pg_dump that is older than the server, which this machine need not have.
    const script = `#!/bin/sh
if [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) 15.1'; exit; fi
echo "$@" > '${folder}/arguments'; env > '${folder}/environment'
echo 'pg_dump: error: aborting because of server version mismatch' >&2
echo 'pg_dump: detail: server version: 18.4; pg_dump version: 15.1' >&2
exit 1
`
    await writeFile(join(binFolder, 'pg_dump'), script)
    await chmod(join(binFolder, 'pg_dump'), 0o755)
    const connection = { host: 'db.example', password: async () => 'a secret', sslMode: 'require' } as const
    await expect(pgDump({ connection, into: join(folder, 'dump'), binFolder })).rejects.toMatchObject({
      code: 'BACKUP_DUMP_VERSION_MISMATCH',
      details: { version: '15.1', server: '18.4', program: 'pg_dump' },
    })
    expect(await readFile(join(folder, 'arguments'), 'utf8')).not.toContain('secret')
    const environment = (await readFile(join(folder, 'environment'), 'utf8')).split('\n')
    expect(environment).toEqual(
      expect.arrayContaining(['PGPASSWORD=a secret', 'PGHOST=db.example', 'PGSSLMODE=require']),
    )
  })
})
