import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { installationWithPeer } from '../base-backup/cluster.ts'

/** A server that keeps a stretch of WAL for whoever copies its slot. */
export interface WalSource {
  readonly server: PostgresServer
  /** Where the stretch ends: the start of a segment. */
  readonly end: string
  /** Bytes of the stretch. */
  readonly bytes: number
  /** Makes a slot of that name which begins with the stretch. */
  slot(name: string): Promise<void>
  drop(name: string): Promise<void>
}

/** Writes about so many mebibytes of WAL, as small rows and as large ones. */
export async function startWalSource(mebibytes: number): Promise<WalSource> {
  const server = await startPostgres({
    installation: await installationWithPeer(),
    settings: { wal_level: 'replica', max_wal_senders: '4', fsync: 'off', max_wal_size: '8GB', autovacuum: 'off' },
    listen: 'tcp',
  })
  const sql = await postgresConnector({ ...server.connection }).sql()
  const text = async (query: string): Promise<string> =>
    String(Object.values((await sql.query(query)).rows[0] ?? {})[0])
  try {
    await sql.query('create table filler (number int, body text)')
    await sql.query('select pg_switch_wal()')
    await sql.query("select pg_create_physical_replication_slot('origin', true)")
    const start = await text("select restart_lsn::text from pg_replication_slots where slot_name = 'origin'")
    for (;;) {
      await sql.query('insert into filler select n, repeat(md5(n::text), n % 40) from generate_series(1, 20000) n')
      const written = await text(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '${start}')::text`)
      if (Number(written) > mebibytes * 2 ** 20) break
    }
    await sql.query('select pg_switch_wal()')
    await sql.query('insert into filler values (0)')
    const end = await text(
      "select ('0/0'::pg_lsn + (pg_current_wal_lsn() - '0/0') - mod(pg_current_wal_lsn() - '0/0', 16777216))::text",
    )
    const bytes = Number(await text(`select pg_wal_lsn_diff('${end}', '${start}')::text`))
    return {
      ...{ server, end, bytes },
      slot: async (name) => void (await sql.query(`select pg_copy_physical_replication_slot('origin', '${name}')`)),
      drop: async (name) => void (await sql.query(`select pg_drop_replication_slot('${name}')`)),
    }
  } catch (error) {
    await sql.close()
    await server.stop()
    throw error
  }
}

/** Digest of the whole segments of a folder. */
export function segmentsHash(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue
    hash.update(name)
    hash.update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex')
}

/** The program that PostgreSQL itself receives WAL with. */
export async function receivewal(): Promise<string | undefined> {
  const installation = await installationWithPeer()
  const path = installation === undefined ? undefined : join(installation.binFolder, 'pg_receivewal')
  return path !== undefined && existsSync(path) ? path : undefined
}
