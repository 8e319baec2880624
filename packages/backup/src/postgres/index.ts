/**
 * PostgreSQL in a repository: base backups, the write-ahead log between them, and every moment of it back.
 *
 * @packageDocumentation
 */
export { createPostgresSource } from './create-postgres-source.ts'
export type { DrillCheck, DrillEvidence, DrillTrend } from './drill/evidence.ts'
export { renderDrillEvidence } from './drill/render-evidence.ts'
export type { DrillAssertion } from './drill/run-checks.ts'
export type { DrillOptions } from './drill/run-drill.ts'
export { postgresSourceErrors } from './errors.ts'
export {
  isPointInTimeSource,
  type BoundSource,
  type PointInTimeSource,
  type RetainableSnapshots,
  type SourceAlert,
  type SourceCallOptions,
  type SourceFigures,
  type SourceHost,
} from './point-in-time.ts'
export type { RestoredCluster, RestoreToPointOptions } from './restore/restore-to-point.ts'
export type { RestoredTables, RestoreTableOptions } from './table/restore-table.ts'
export type { CreatePostgresSourceOptions } from './source-options.ts'
export type { RecoverablePoint, RecoverableWindow } from './windows.ts'
