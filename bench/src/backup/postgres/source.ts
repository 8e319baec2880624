import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { installationWithPeer } from '../base-backup/cluster.ts'

/** A server at rest with a table as pgbench fills its accounts, and one of orders whose notes hardly compress. */
export async function startAccounts(accounts: number): Promise<PostgresServer> {
  const server = await startPostgres({
    installation: await installationWithPeer(),
    settings: { wal_level: 'replica', max_wal_senders: '4', fsync: 'off', autovacuum: 'off', max_wal_size: '8GB' },
  })
  try {
    await using sql = await postgresConnector({ ...server.connection }).sql()
    await sql.query(`create table accounts as select n as aid, 1 as bid, 0 as abalance, repeat(' ', 84) as filler
      from generate_series(1, ${accounts}) n`)
    await sql.query('create unique index on accounts (aid)')
    await sql.query(`create table orders as select n as id, n % 1000 as customer, md5(n::text) || md5((n + 1)::text) as note
      from generate_series(1, ${Math.round(accounts / 4)}) n`)
    await sql.query('vacuum (freeze, analyze)')
    await sql.query('checkpoint')
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Milliseconds of processor time that a server and the processes which it has waited for have used (Linux, proc(5)). */
export function serverCpu({ dataFolder }: PostgresServer): number {
  const pid = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]!
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  // utime, stime, cutime and cstime, in hundredths of a second.
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field) * 10, 0)
}
