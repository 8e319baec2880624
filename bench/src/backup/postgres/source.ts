import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { installationWithPeer } from '../base-backup/cluster.ts'

/** A server at rest with a table as pgbench fills its accounts, and one of orders whose notes hardly compress. It can archive. */
export async function startAccounts(accounts: number): Promise<PostgresServer> {
  const server = await startPostgres({
    installation: await installationWithPeer(),
    settings: {
      ...{ wal_level: 'replica', archive_mode: 'on', max_wal_senders: '4' },
      ...{ fsync: 'off', autovacuum: 'off', max_wal_size: '8GB' },
    },
  })
  try {
    await archiveWith(server, 'true')
    await using sql = await postgresConnector({ ...server.connection }).sql()
    await sql.query(`create table accounts as select n as aid, 1 as bid, 0 as abalance, repeat(' ', 84) as filler
      from generate_series(1, ${accounts}) n`)
    await sql.query('create unique index on accounts (aid)')
    await sql.query(`create table orders as select n as id, n % 1000 as customer, md5(n::text) || md5((n + 1)::text) as note
      from generate_series(1, ${Math.round(accounts / 4)}) n`)
    await sql.query('vacuum (freeze, analyze)')
    // The statistics, too: whoever reads them first would change their pages.
    await sql.query('vacuum (freeze)')
    await sql.query('checkpoint')
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** From now on the server archives its log with this command. */
export async function archiveWith({ connection }: PostgresServer, command: string): Promise<void> {
  await using sql = await postgresConnector({ ...connection }).sql()
  await sql.query(`alter system set archive_command = '${command}'`)
  await sql.query('select pg_reload_conf()')
}

/** Milliseconds of processor time that a server, its processes and what they have waited for have used (Linux, proc(5)). */
export function serverCpu({ dataFolder }: PostgresServer): number {
  return treeCpu(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]!)
}

function treeCpu(pid: string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    // utime, stime, cutime and cstime, in hundredths of a second.
    const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field) * 10, 0)
    return children.reduce((sum, child) => sum + treeCpu(child), own)
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH')
      return 0
    throw error
  }
}
