import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  createWalReceiver,
  currentPosition,
  emitMarker,
  parseRecoveryLog,
  prepareRecovery,
  receiveBaseBackup,
  scanWal,
  verifyBackup,
  waitForRecovery,
  type RecoveryTarget,
} from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { exists, systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { majors, startSource, startWriter, value, type Source } from './source.ts'

const run = promisify(execFile)

const eventsDigest =
  "select count(*) || ' ' || coalesce(md5(string_agg(id || payload, ',' order by id)), '') from events"

describe.each(majors)('point-in-time recovery on PostgreSQL %i', (major) => {
  it(
    'brings back a dropped table and every commit up to the moment, and nothing after it',
    { timeout: 120_000 },
    async () => {
      await using source = await startSource(major)
      const { sql, connector, folder, server } = source
      await sql.query('create table cities as select n as id, md5(n::text) as name from generate_series(1, 20000) n')
      await sql.query('create table events (id bigserial primary key, at timestamptz not null, payload text not null)')
      const citiesDigest = "select md5(string_agg(id || name, ',' order by id)) from cities"
      const cities = await value(sql, citiesDigest)

      const [base, wal] = [join(folder, 'base'), join(folder, 'wal')]
      await using receiver = createWalReceiver({ connector, slot: 'exprsn', into: wal })
      await receiver.start()
      const writer = startWriter(connector)
      const phases = new Set<string>()
      const backup = await receiveBaseBackup({ connector, into: base, onProgress: ({ phase }) => phases.add(phase) })
      expect(backup.endLsn).toBeGreaterThan(backup.startLsn)
      expect(phases).toEqual(new Set(['base backup']))

      const verified = await verifyBackup({ folder: base })
      expect(verified.problems).toEqual([])
      expect(verified.files).toBeGreaterThan(900)

      await new Promise((resolve) => setTimeout(resolve, 300))
      const moment = await currentPosition(sql)
      const after = await currentPosition(sql)
      await sql.query('drop table cities')
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(await writer.stop()).toBeGreaterThan(10)
      await receiver.waitFor(await emitMarker(sql), { timeout: '10s' })
      await receiver.stop()
      expect(receiver.position().state).toBe('stopped')
      const expected = await value(sql, digestUntil(moment.time))
      const everything = await value(sql, eventsDigest)
      expect(everything).not.toBe(expected)

      // pg_verifybackup knows its own version's manifest only, and is not among the npm binaries.
      const oracle = join(server.installation.binFolder, 'pg_verifybackup')
      if (await exists(systemDisk, oracle)) {
        const { stdout } = await run(oracle, ['-w', wal, join(base, 'base')])
        expect(stdout).toContain('backup successfully verified')
      }

      const byTime = await restored(source, 'time', { time: moment.time }, { cities: citiesDigest })
      expect(byTime).toMatchObject({ events: expected, cities })
      expect(byTime.log).toMatchObject({ stopped: { side: 'before' }, complete: true, timeline: 2 })

      const byPosition = await restored(source, 'lsn', { lsn: moment.lsn, inclusive: false }, { cities: citiesDigest })
      expect(byPosition.cities).toBe(cities)
      // The server reads its clock before its position: what is committed in between stands before the position.
      const count = countOf(byPosition.events)
      expect(count).toBeGreaterThanOrEqual(countOf(expected))
      expect(count).toBeLessThanOrEqual(countOf(await value(sql, digestUntil(after.time))))
      const beginning = eventsDigest.replace(
        'from events',
        `from (select * from events order by id limit ${count}) as first`,
      )
      expect(byPosition.events).toBe(await value(sql, beginning))

      const latest = await restored(source, 'latest', 'latest', { cities: "select to_regclass('cities')" })
      expect(latest).toMatchObject({ events: everything, cities: null })
      expect((await scanWal({ folder: wal })).gaps).toEqual([])
    },
  )
})

/** The events committed up to a time. */
function digestUntil(time: string): string {
  return eventsDigest.replace('from events', `from events where pg_xact_commit_timestamp(xmin) <= '${time}'`)
}

function countOf(digest: unknown): number {
  return Number(String(digest).split(' ')[0])
}

async function restored(source: Source, name: string, until: RecoveryTarget, queries: { cities: string }) {
  const into = join(source.folder, `restored-${name}`)
  const { dataFolder } = await prepareRecovery({
    base: join(source.folder, 'base'),
    wal: join(source.folder, 'wal'),
    into,
    until,
    durable: false,
  })
  const { major } = source.server.installation.version
  await using server = await startPostgres({ dataFolder, major, settings: { fsync: 'off' } })
  await using sql = await postgresConnector(server.connection).sql()
  await waitForRecovery(sql, { timeout: '30s' })
  await sql.query('create table written_after_restore (id int)')
  return {
    events: await value(sql, eventsDigest),
    cities: await value(sql, queries.cities),
    log: parseRecoveryLog(server.log().join('\n')),
  }
}
