import type { ExprsnError } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../replication/quote.ts'
import type { BlockPool } from './block-pool.ts'
import type { ChosenTable } from './choose-tables.ts'
import { rowEnd } from './copy-text.ts'
import { quoteTable, tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportCompression, ExportedPart } from './export-files.ts'
import type { TableMasks } from './mask-rows.ts'
import { partWriter } from './part-writer.ts'
import type { PartRange } from './plan-parts.ts'
import { sqlStateOf } from './sql-state.ts'

/** Options of {@link exportPart}. */
export interface ExportPartOptions {
  readonly connection: CopyConnection
  readonly store: ObjectStore
  readonly table: ChosenTable
  readonly masks: TableMasks
  readonly range: PartRange
  readonly key: string
  readonly compress: ExportCompression
  readonly level: number
  readonly blocks: BlockPool
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}

/** Copies a stretch of a table into an object, which exists when it is whole. The connection is of no use after a failure. */
export async function exportPart(options: ExportPartOptions): Promise<Omit<ExportedPart, 'snapshot'>> {
  const { connection, store, table, masks, key, compress, level, onBytes, signal } = options
  const writer = partWriter(compress, level, options.blocks)
  const fail = (error: unknown): void => {
    writer.fail(error)
    connection.destroy(error)
  }
  const stop = (): void => fail(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const maskRow = masks.maskRow?.(key)
  let counted: number | undefined
  let failure: Failure | undefined
  const take = (rows: Uint8Array, count: number): void | Promise<void> => {
    // What had already come with a row that failed is still handed over.
    if (failure !== undefined) return undefined
    try {
      onBytes(rows.length)
      if (rows.at(-1) !== rowEnd) throw rowsDiffer(table, 'whole', 'a part of one')
      return writer.push(maskRow === undefined ? rows : maskRow(asBuffer(rows), writer.facts.rows + 1), count)
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  try {
    signal.throwIfAborted()
    const stored = store.put(key, writer.content, { signal })
    stored.catch(fail)
    try {
      await connection.copyOut(copyStatement(table, masks, options.range), {
        onData: (row) => take(row, 1),
        // Masks look at one row after the other.
        ...(maskRow === undefined ? { onJoinedData: take } : {}),
        onCommand: (tag) => (counted = Number(/^COPY (\d+)$/.exec(tag)?.[1])),
      })
      if (failure !== undefined) throw (failure as Failure).error
      if (counted !== writer.facts.rows) throw rowsDiffer(table, counted, writer.facts.rows)
      writer.end()
    } catch (error) {
      writer.fail(error)
      await stored.catch(() => {})
      throw error
    }
    await stored
  } catch (error) {
    throw explain(error, table)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  const { rows, bytes, stored, frames, sha256 } = writer.facts
  return { key, rows, bytes, stored, sha256: sha256(), frames }
}

interface Failure {
  readonly error: unknown
}

function asBuffer(row: Uint8Array): Buffer {
  return Buffer.from(row.buffer, row.byteOffset, row.byteLength)
}

/** A table without conditions is copied as such, which is cheaper for the server than a query. */
function copyStatement(table: ChosenTable, masks: TableMasks, { condition }: PartRange): string {
  const conditions = [condition, table.where].filter((each) => each !== undefined)
  const isQuery = conditions.length > 0 || masks.columns.some(({ constant }) => constant !== undefined)
  const names = table.columns.map(({ name }) => quoteIdentifier(name))
  if (!isQuery) return `copy ${quoteTable(table)}${names.length === 0 ? '' : ` (${names.join(', ')})`} to stdout`
  const columns = table.columns.map(({ name, type }, index) => {
    const constant = masks.columns[index]?.constant
    if (constant === undefined) return quoteIdentifier(name)
    return constant === null ? `null::${type}` : `${quoteLiteral(constant)}::${type}`
  })
  const where = conditions.length === 0 ? '' : ` where ${conditions.map((each) => `(${each})`).join(' and ')}`
  return `copy (select ${columns.join(', ')} from only ${quoteTable(table)}${where}) to stdout`
}

function explain(error: unknown, table: ChosenTable): unknown {
  if (sqlStateOf(error) !== '42501') return error
  const { reason } = (error as ExprsnError).details
  return logicalErrors.BACKUP_EXPORT_NOT_ALLOWED({ table: tableText(table), reason }, { cause: error })
}

function rowsDiffer(table: ChosenTable, counted: unknown, received: unknown): ExprsnError {
  return logicalErrors.BACKUP_EXPORT_ROWS_DIFFER({ table: tableText(table), counted, received })
}
