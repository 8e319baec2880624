import type { ObjectStore } from '@exprsn/core/storage'
import type { CopyConnection } from '../replication/connection.ts'
import { tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportedPart, TablesExport } from './export-files.ts'
import type { ImportLedger } from './import-ledger.ts'
import type { TableGroup } from './import-order.ts'
import { importPart } from './import-part.ts'
import { deferReferences, type ImportedTable } from './import-target.ts'
import type { RowDigest } from './row-digest.ts'
import { reasonOf, sqlStateOf } from './sql-state.ts'

/** Parts that come together. */
export interface ImportTransaction {
  readonly parts: readonly { readonly table: ImportedTable; readonly part: ExportedPart }[]
  /** Tables whose references wait for the end. */
  readonly deferred: readonly ImportedTable[]
}

/** Each part on its own, except where tables refer to each other: a row may then refer to one of any other part. */
export function transactionsOf(
  groups: readonly TableGroup<ImportedTable>[],
  before: ReadonlySet<string>,
): ImportTransaction[] {
  return groups.flatMap(({ tables, circular }) => {
    const parts = tables.flatMap((table) =>
      table.exported.parts.filter(({ key }) => !before.has(key)).map((part) => ({ table, part })),
    )
    // References within one COPY are looked at when it ends.
    if (circular && parts.length > 1) return [{ parts, deferred: tables }]
    return parts.map((part) => ({ parts: [part], deferred: [] }))
  })
}

/** Options of {@link importTransaction}. */
export interface ImportTransactionOptions {
  readonly transaction: ImportTransaction
  readonly connection: CopyConnection
  readonly store: ObjectStore
  readonly from: TablesExport
  readonly ledger: ImportLedger
  readonly digests: ReadonlyMap<ImportedTable, RowDigest | undefined>
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}

/** Brings parts and notes that they are in, together or not at all. */
export async function importTransaction(options: ImportTransactionOptions): Promise<void> {
  const { transaction, connection, store, from, ledger, digests, onBytes, signal } = options
  const { parts, deferred } = transaction
  await connection.query('begin')
  const settle =
    deferred.length === 0 ? undefined : await explained(deferred, () => deferReferences(connection, deferred))
  for (const { table, part } of parts) {
    const digest = digests.get(table)
    await importPart({ connection, store, table, part, compress: from.compress, digest, onBytes, signal })
    await ledger.note(connection, part.key)
  }
  if (settle !== undefined) await explained(deferred, settle)
  await connection.query('commit')
}

async function explained<Value>(tables: readonly ImportedTable[], work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    const details = {
      table: tables.map(tableText).join(', '),
      key: 'their circle of references',
      reason: reasonOf(error),
    }
    if (sqlStateOf(error) === '42501') throw logicalErrors.BACKUP_IMPORT_NOT_ALLOWED(details, { cause: error })
    if (sqlStateOf(error)?.startsWith('23') === true)
      throw logicalErrors.BACKUP_IMPORT_ROW_REFUSED(details, { cause: error })
    throw error
  }
}
