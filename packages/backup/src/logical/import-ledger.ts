import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../replication/quote.ts'

/** Which parts of an import are in: written in the transaction that brings them, so each part comes exactly once. */
export interface ImportLedger {
  /** Makes its table where there is none, and reads which parts are in. */
  load(connection: CopyConnection): Promise<Set<string>>
  note(connection: CopyConnection, key: string): Promise<void>
  /** Forgets a finished import. The table stays: others may use it. */
  forget(connection: CopyConnection): Promise<void>
}

/** A table on the target, `exprsn_imports` in a schema. */
export function importLedger(schema: string, id: string): ImportLedger {
  const table = `${quoteIdentifier(schema)}.exprsn_imports`
  const literal = quoteLiteral(id)
  return {
    async load(connection) {
      const exists = `select pg_catalog.to_regclass(${quoteLiteral(table)}) is null`
      const [missing] = await connection.query(exists)
      // Not `if not exists` alone: that needs the right to create even where there is one.
      if (missing?.rows[0]?.[0] === 't')
        await connection.query(`create table if not exists ${table} (
          export text not null, part text not null, imported_at timestamptz not null default pg_catalog.now(),
          primary key (export, part))`)
      const [set] = await connection.query(`select part from ${table} where export = ${literal}`)
      return new Set((set?.rows ?? []).map(([part]) => part!))
    },
    note: async (connection, key) =>
      void (await connection.query(`insert into ${table} (export, part) values (${literal}, ${quoteLiteral(key)})`)),
    forget: async (connection) => void (await connection.query(`delete from ${table} where export = ${literal}`)),
  }
}
