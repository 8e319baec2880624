import { createHash, createHmac } from 'node:crypto'
import { systemClock, type Clock } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import type { OnProgress } from '../progress/progress.ts'
import type { PostgresConnector } from '../replication/connection.ts'
import type { TableChoice } from './choose-tables.ts'
import type { ColumnMask } from './column-mask.ts'
import { logicalErrors } from './errors.ts'
import type { ExportCompression } from './export-files.ts'

/** Options of `exportTables`. */

export interface ExportTablesOptions {
  /** The server: from `postgresConnector`. The role needs SELECT on the tables. */
  readonly connector: PostgresConnector
  /** Where the export goes: a folder or a bucket. */
  readonly store: ObjectStore
  /** What its keys begin with, one for each export, such as `exports/2026-11-21`. @default '' */
  readonly prefix?: string | undefined
  /** `orders`, `shop.orders`, `shop.*`, or with a filter and masks. @default every table of users */
  readonly tables?: readonly (string | TableChoice)[] | undefined
  /** Tables that are left out, named in the same way. @default none */
  readonly exclude?: readonly string[] | undefined
  /** @default the one of the connector */
  readonly database?: string | undefined
  /** Parts that are copied at the same time, each on a connection of its own; one more keeps the moment. @default 4 */
  readonly connections?: number | undefined
  /**
   * A moment that another session has exported with `pg_export_snapshot()` and keeps open, so that a dump of the schema and
   * this agree, or several exports do. @default one is made
   */
  readonly snapshot?: string | undefined
  /** @default 'zstd' */
  readonly compress?: ExportCompression | undefined
  /** How hard zstd tries, 1 to 19. @default 3 */
  readonly compressionLevel?: number | undefined
  /** Bytes of a table, as it lies on the server, that make a part: what is done again after a crash. @default 268435456 */
  readonly partSize?: number | undefined
  /** Whether an export that was cut off under this prefix is gone on with. @default true */
  readonly resume?: boolean | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told how many bytes of rows have come, and about how many will. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the export. What is stored stays, and another call goes on from there. */
  readonly signal?: AbortSignal | undefined
}

/** The options with what was left out. */
export interface ExportSettings extends ExportTablesOptions {
  readonly prefix: string
  readonly exclude: readonly string[]
  readonly connections: number
  readonly compress: ExportCompression
  readonly compressionLevel: number
  readonly partSize: number
  readonly resume: boolean
  readonly clock: Clock
}

/** Fills in and checks. @throws `BACKUP_EXPORT_OPTION_INVALID` */
export function exportSettings(options: ExportTablesOptions): ExportSettings {
  const { connections = 4, compress = 'zstd', compressionLevel = 3, partSize = 2 ** 28, tables } = options
  if (!Number.isInteger(connections) || connections < 1 || connections > 100)
    throw invalid('connections', 'it is no whole number from 1 to 100')
  if (compress !== 'zstd' && compress !== 'none') throw invalid('compress', 'it is neither zstd nor none')
  if (!Number.isInteger(compressionLevel) || compressionLevel < 1 || compressionLevel > 19)
    throw invalid('compressionLevel', 'it is no whole number from 1 to 19')
  if (!(partSize >= 8192)) throw invalid('partSize', 'it is no number of at least 8192')
  if (tables?.length === 0) throw invalid('tables', 'it is empty')
  return {
    ...options,
    ...{ connections, compress, compressionLevel, partSize },
    prefix: options.prefix ?? '',
    exclude: options.exclude ?? [],
    resume: options.resume ?? true,
    clock: options.clock ?? systemClock,
  }
}

/** Digest of what decides what is stored: an export that is gone on with must store the same. No key can be found out from it. */
export function fingerprintOf({ tables, exclude, database, compress }: ExportSettings): string {
  const choices = (tables ?? ['*.*']).map((choice) => {
    if (typeof choice === 'string') return { table: choice }
    const masks = Object.entries(choice.mask ?? {}).map(([column, mask]) => [column, maskText(mask)])
    return { table: choice.table, where: choice.where, columns: choice.columns, masks }
  })
  return createHash('sha256').update(JSON.stringify({ choices, exclude, database, compress })).digest('hex')
}

function maskText(mask: ColumnMask): unknown {
  if (typeof mask === 'function') return String(mask)
  if (!('key' in mask)) return mask
  return { kind: mask.kind, key: createHmac('sha256', mask.key).update('exprsn export').digest('hex') }
}

function invalid(option: string, reason: string) {
  return logicalErrors.BACKUP_EXPORT_OPTION_INVALID({ option, reason })
}
