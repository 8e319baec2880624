import { createHash } from 'node:crypto'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { installationWithPeer } from '../base-backup/cluster.ts'

/** A server at rest with four tables of different sizes, about 130 bytes of text to a row. */
export async function startTables(rows: number): Promise<PostgresServer> {
  const server = await startPostgres({
    installation: await installationWithPeer(),
    settings: { fsync: 'off', autovacuum: 'off', max_wal_size: '4GB' },
  })
  try {
    await using sql = await postgresConnector(server.connection).sql()
    for (const [index, share] of [0.5, 0.25, 0.15, 0.1].entries()) {
      const table = `orders_${index}`
      await sql.query(
        `create table ${table} (id bigint primary key, customer int, amount numeric(12, 2), at timestamptz, note text)`,
      )
      await sql.query(`insert into ${table} select n, n % 1000, n / 7.0, timestamptz '2026-01-01 00:00Z' + n * interval '1 s',
        md5(n::text) || ' ' || md5((n + 1)::text) from generate_series(1, ${Math.round(rows * share)}) n`)
    }
    await sql.query('vacuum (freeze, analyze)')
    await sql.query('checkpoint')
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Takes rows of COPY text; the sum of their hashes does not depend on their order. */
export function rowsHash() {
  const words = new Uint32Array(4)
  let carry = Buffer.alloc(0)
  return {
    push(text: Uint8Array): void {
      const all = Buffer.concat([carry, text])
      let from = 0
      for (let end = all.indexOf(10); end !== -1; end = all.indexOf(10, from)) {
        const digest = createHash('md5').update(all.subarray(from, end)).digest()
        for (let word = 0; word < 4; word++) words[word]! += digest.readUInt32LE(word * 4)
        from = end + 1
      }
      carry = all.subarray(from)
    },
    value: (): string => words.join('-'),
  }
}
