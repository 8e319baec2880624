/**
 * The rows of PostgreSQL tables as open files: exported in parallel, filtered and masked, and imported again, without any
 * program of PostgreSQL; and `pg_dump` and `pg_restore` where they are there.
 *
 * @packageDocumentation
 */
export type { TableChoice } from './choose-tables.ts'
export type { ColumnMask, MaskedRow, MaskFunction } from './column-mask.ts'
export { logicalErrors } from './errors.ts'
export type { ExportCompression, ExportedPart, ExportedTable, ExportSnapshot, TablesExport } from './export-files.ts'
export type { ExportTablesOptions } from './export-options.ts'
export { exportTables } from './export-tables.ts'
export { importTables, type ImportTablesOptions, type TablesImport } from './import-tables.ts'
export type { DumpConnection } from './dump/dump-connection.ts'
export { pgDump, type PgDumped, type PgDumpOptions } from './dump/pg-dump.ts'
export { pgRestore, type PgRestored, type PgRestoreOptions } from './dump/pg-restore.ts'
