import { ExprsnError } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier } from '../replication/quote.ts'
import { quoteTable, tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportCompression, ExportedPart } from './export-files.ts'
import type { ImportedTable } from './import-target.ts'
import { readPart } from './read-part.ts'
import type { RowDigest } from './row-digest.ts'
import { reasonOf, sqlStateOf } from './sql-state.ts'

/** Options of {@link importPart}. */
export interface ImportPartOptions {
  readonly connection: CopyConnection
  readonly store: ObjectStore
  readonly table: ImportedTable
  readonly part: ExportedPart
  readonly compress: ExportCompression
  /** Takes the rows that were sent. */
  readonly digest: RowDigest | undefined
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}

/**
 * Copies a part into a table, within the transaction of the connection: what is damaged is known before the server is told
 * that the rows are complete. The connection is of no use after a failure.
 */
export async function importPart(options: ImportPartOptions): Promise<void> {
  const { connection, store, table, part, compress, digest, onBytes, signal } = options
  const stop = (): void => connection.destroy(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  let counted: number | undefined
  let ended = false
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of readPart(store, part, compress, signal)) {
      // The server may have refused a row: nobody takes the rest then.
      if (ended) return
      digest?.push(piece)
      onBytes(piece.length)
      yield piece
    }
  }
  try {
    signal.throwIfAborted()
    await connection.copyIn(copyStatement(table), pieces(), {
      onCommand: (tag) => (counted = Number(/^COPY (\d+)$/.exec(tag)?.[1])),
    })
  } catch (error) {
    connection.destroy(error)
    throw explain(error, table, part)
  } finally {
    ended = true
    signal.removeEventListener('abort', stop)
  }
  if (counted !== part.rows)
    throw logicalErrors.BACKUP_IMPORT_ROWS_DIFFER({ table: tableText(table), expected: part.rows, counted })
}

function copyStatement(table: ImportedTable): string {
  const names = table.exported.columns.map(({ name }) => quoteIdentifier(name))
  return `copy ${quoteTable(table)}${names.length === 0 ? '' : ` (${names.join(', ')})`} from stdin`
}

/** SQLSTATE classes: 22 data exception, 23 integrity constraint violation, P0 raised by a trigger. */
function explain(error: unknown, table: ImportedTable, part: ExportedPart): unknown {
  const state = sqlStateOf(error)
  const details = { table: tableText(table), key: part.key, reason: reasonOf(error) }
  if (state === '42501') return logicalErrors.BACKUP_IMPORT_NOT_ALLOWED(details, { cause: error })
  if (state !== undefined && /^(22|23|P0)/.test(state) && ExprsnError.is(error))
    return logicalErrors.BACKUP_IMPORT_ROW_REFUSED(details, { cause: error })
  return error
}
