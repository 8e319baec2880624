import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { receiveBaseBackup, waitForRecovery } from '@exprsn/backup'
import { createArchiveServer } from '@exprsn/backup/archive'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { serverUser, startPostgres } from '@exprsn/backup/server'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { folderStore, type ObjectStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { majors, value } from './source.ts'

const program = fileURLToPath(new URL('../src/archive/exprsn-wal.ts', import.meta.url))

describe.each(majors.slice(-1))('PostgreSQL %i with archive_command and restore_command', (major) => {
  it(
    'archives through the server, is told of nothing that is not durable, and recovers',
    { timeout: 180_000 },
    async (context) => {
      const user = await serverUser(systemDisk)
      const identity = user === undefined ? {} : { uid: user.userId, gid: user.groupId }
      const nodeArguments = ['--conditions=@exprsn/source', '--no-warnings', program]
      if (spawnSync(process.execPath, nodeArguments, { cwd: '/', ...identity }).status !== 2)
        context.skip('the user that PostgreSQL runs as cannot reach this checkout')

      const folder = await makeTemporaryFolder(systemDisk, { prefix: 'archive-command-' })
      context.onTestFinished(() => removeTree(systemDisk, folder))
      await systemDisk.setMode(folder, 0o711)
      const inner = folderStore({ path: join(folder, 'archive') })
      let refused = 0
      const store: ObjectStore = {
        put: (key, body, options) =>
          refused === 0 ? (refused++, Promise.reject(new Error('the store is down'))) : inner.put(key, body, options),
        get: (key, options) => inner.get(key, options),
        head: (key, options) => inner.head(key, options),
        list: (options) => inner.list(options),
        delete: (key, options) => inner.delete(key, options),
      }
      const durable: string[] = []
      const options = { store, listen: { socket: join(folder, 'wal.sock') }, socketMode: 0o666 }
      await using archive = createArchiveServer({ ...options, onArchived: ({ name }) => durable.push(name) })
      await archive.start()
      const call = [process.execPath, ...nodeArguments].map((part) => `"${part}"`).join(' ')
      const settings = {
        ...{ archive_mode: 'on', wal_level: 'replica', fsync: 'off' },
        archive_command: `${call} push %p %f --address ${archive.address}`,
      }
      await using source = await startPostgres({ major, settings })
      const connector = postgresConnector(source.connection)
      await using sql = await connector.sql()
      await sql.query('create table events (id int)')
      const backup = await receiveBaseBackup({ connector, into: join(folder, 'base') })
      expect(backup.files).toBeGreaterThan(100)

      await sql.query('insert into events select generate_series(1, 1000)')
      const last = String(await value(sql, 'select pg_walfile_name(pg_current_wal_lsn())'))
      await sql.query('select pg_switch_wal()')
      const archived = `select coalesce(last_archived_wal >= '${last}', false) from pg_stat_archiver`
      while ((await value(sql, archived)) !== true) await sql.query('select pg_sleep(0.05)')
      expect(durable).toContain(last)
      // The first file was refused by the store: PostgreSQL was told so, and has kept and sent it again.
      expect(await value(sql, 'select failed_count::int from pg_stat_archiver')).toBeGreaterThan(0)
      expect(durable).toEqual([...new Set(durable)])
      await source.stop({ mode: 'immediate' })

      await writeFile(join(folder, 'base', 'base', 'recovery.signal'), '')
      if (user !== undefined) spawnSync('chown', ['-R', `${user.userId}:${user.groupId}`, join(folder, 'base')])
      await using restored = await startPostgres({
        ...{ dataFolder: join(folder, 'base', 'base'), major },
        settings: {
          ...{ archive_mode: 'off', fsync: 'off', recovery_target_action: 'promote' },
          restore_command: `${call} fetch %f "%p" --address ${archive.address}`,
        },
      })
      await using copy = await postgresConnector(restored.connection).sql()
      await waitForRecovery(copy, { timeout: '120s' })
      expect(await value(copy, 'select count(*)::int from events')).toBe(1000)
    },
  )
})
