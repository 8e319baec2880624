import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBackup, openRepository } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { folderStore } from '@exprsn/core/storage'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'

/**
 * What a second backup stores after random updates dirtied 5 % of a table's pages, in percent of what the first one
 * stored. PostgreSQL 17 or newer sends changed blocks only; chunks are as large as by default.
 */
export const benchmark: Benchmark = {
  name: 'backup/postgres-second',
  unit: '%',
  measure: 'bytes',
  better: 'lower',
  target: 15,
  peers: [],
  async prepare({ quick }) {
    const rows = quick ? 400_000 : 2_000_000
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-second-'))
    const server = await startPostgres({
      major: 18,
      // The tests' own binaries: no system package has this version here.
      resolveFrom: fileURLToPath(new URL('../../../testing/package.json', import.meta.url)),
      settings: { summarize_wal: 'on', fsync: 'off', autovacuum: 'off', max_wal_size: '4GB' },
    })
    const connector = postgresConnector({ ...server.connection })
    const sql = await connector.sql()
    // As pgbench fills its accounts, so that they compress as they do there.
    await sql.query(`create table accounts with (fillfactor = 90) as select n as aid, 1 as bid, 0 as abalance,
      repeat(md5(n::text), 2) || repeat(' ', 20) as filler from generate_series(1, ${rows}) n`)
    await sql.query('create unique index on accounts (aid)')
    await sql.query('vacuum (freeze) accounts')
    let round = 0
    return {
      async run(subject) {
        if (subject !== ours) throw new Error('this row has no peers')
        const name = `r${round++}`
        const store = folderStore({ path: join(folder, name) })
        await using backup = createBackup({
          repository: openRepository({ store, password: 'bench', create: 'new' }),
          cacheFolder: join(folder, `${name}-cache`),
          sources: { [name]: postgresSource({ connector, receiveWal: false }) },
        })
        const first = await backup.run(name)
        // One row on every twentieth page, which stays on its page.
        await sql.query(`update accounts set abalance = abalance + 1 where ctid in
          (select min(ctid) from accounts where (ctid::text::point)[0]::int % 20 = ${round % 20} group by (ctid::text::point)[0])`)
        const second = await backup.run(name)
        return { value: (second.stored / first.stored) * 100, hash: 'stored' }
      },
      async close() {
        await sql.close()
        await server.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}
