import { join } from 'node:path'
import { createBackup, openRepository, waitForRecovery } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { diskErrors, systemDisk, type Disk, type DiskFile } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { majors, startSource, value } from './source.ts'

const [newest = 0] = majors
const mebibyte = 2 ** 20

/** A disk of which a folder can be full: nothing more is written there then. */
function fillable(folder: string) {
  let isFull = false
  const disk: Disk = {
    ...systemDisk,
    openSync(path, mode, options) {
      const file = systemDisk.openSync(path, mode, options)
      if (!String(path).startsWith(folder)) return file
      return new Proxy(file, {
        get(target, name: keyof DiskFile) {
          if (name === 'writeSync' && isFull)
            return () => {
              throw diskErrors.CORE_DISK_FULL({ path: String(path), operation: 'write', errno: 'ENOSPC' })
            }
          const member = target[name]
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    },
  }
  return { disk, fill: (full: boolean) => void (isFull = full) }
}

describe('a receiver that stands still while its server goes on writing', () => {
  it(
    'never fills the disk of the server: an alert first, then the slot is given up, and the next backup begins a new chain',
    { timeout: 240_000 },
    async () => {
      const cap = 64 * mebibyte
      const checkpoints = { max_wal_size: '32MB', min_wal_size: '32MB' }
      await using source = await startSource(newest, { ...checkpoints, max_slot_wal_keep_size: '64MB' })
      const { sql, folder, connector, server } = source
      const spool = join(folder, 'spool')
      const { disk, fill } = fillable(spool)
      await sql.query('create table events (id serial, filler text)')
      await using backup = createBackup({
        repository: openRepository({
          ...{ store: folderStore({ path: join(folder, 'repository') }), password: 'secret', create: 'if-missing' },
          scrypt: cheapScrypt,
        }),
        cacheFolder: join(folder, 'cache'),
        sources: { db: postgresSource({ connector, spool, disk, slotAlert: 24 * mebibyte }) },
      })
      backup.start()
      const before = await backup.run('db')
      const slotAlerts = async () => (await backup.status()).alerts.filter(({ key }) => key === 'slot:db')
      const pgWal = async () => Number(await value(sql, 'select sum(size) from pg_ls_waldir()'))
      const write = async () => {
        await sql.query("insert into events (filler) select repeat('x', 900) from generate_series(1, 6000)")
        await sql.query('select pg_switch_wal()')
        await sql.query('checkpoint')
      }
      expect(await slotAlerts()).toEqual([])

      fill(true)
      const seen = new Set<string>()
      const status = "select wal_status from pg_replication_slots where slot_name = 'exprsn_db'"
      let most = 0
      for (let round = 0; (await value(sql, status)) !== 'lost'; round++) {
        expect(round).toBeLessThan(60)
        await write()
        most = Math.max(most, await pgWal())
        for (const { text } of await slotAlerts()) seen.add(text.replace(/\d+ MiB/, 'N MiB'))
      }
      // The cap, two checkpoints' worth, and the segment that is being written.
      expect(most).toBeLessThan(cap + 5 * 32 * mebibyte)
      for (const { text } of await slotAlerts()) seen.add(text)
      expect([...seen]).toEqual([
        'The slot exprsn_db keeps N MiB of WAL on the server of db.',
        'The server of db has thrown away WAL that was not received: take a new base backup.',
      ])
      // It goes on writing, and its disk stays as it is.
      for (let round = 0; round < 4; round++) await write()
      expect(await pgWal()).toBeLessThan(cap + 5 * 32 * mebibyte)

      fill(false)
      await expect
        .poll(async () => (await backup.status()).alerts.map(({ key }) => key), { timeout: 120_000 })
        .toEqual(expect.arrayContaining(['wal:db', 'slot:db']))
      const after = await backup.run('db')
      expect(after.snapshot.problems).toMatchObject([
        { path: '/db/wal', kind: 'skipped', detail: expect.stringMatching(/^WAL is missing from .* to /) },
      ])
      const windows = await backup.recoverable('db')
      expect(windows.map(({ snapshots }) => snapshots)).toEqual([[before.id], [after.id]])
      expect(windows[0]!.gap).toMatch(/^WAL from .* is missing$/)
      expect(await slotAlerts()).toEqual([])

      const rows = 'select count(*)::int from events'
      const { cluster } = await backup.restore('db', {
        into: join(folder, 'restored'),
        until: 'latest',
        durable: false,
      })
      const { installation } = server
      await using copy = await startPostgres({ dataFolder: cluster!.dataFolder, installation, disposable: true })
      await using restored = await postgresConnector(copy.connection).sql()
      await waitForRecovery(restored, { timeout: '120s' })
      expect(await value(restored, rows)).toBe(await value(sql, rows))
    },
  )
})
