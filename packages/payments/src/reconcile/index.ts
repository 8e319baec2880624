/**
 * Reconciliation: own books against gateways, gateways against banks, with a proof that no money was lost on the way.
 *
 * @packageDocumentation
 */
export { reconcileErrors } from './errors.ts'
export type { ExactPairs, FilesReport } from './files/files-report.ts'
export type { MovementColumns } from './files/movement-columns.ts'
export type { MovementsFile } from './files/movements-file.ts'
export { reconcileFiles, type FilesProgress, type ReconcileFilesOptions } from './files/reconcile-files.ts'
export type { ReconcileInputs } from './items/collect-items.ts'
export type { OurRecord } from './items/our-record.ts'
export type { Edge, ExceptionReason, Match, MatchRule } from './match/edge.ts'
export { checkProof } from './proof/check-proof.ts'
export type { ConservationProof, ProofItem, ProofTotals } from './proof/proof.ts'
export { reconcile, type ReconcileOptions } from './reconcile.ts'
export type { Explanation, PayoutComposition, ReconcileException, ReconcileReport, ReportedMatch } from './report.ts'
export type { ReconcileRules } from './rules.ts'
export { createReconciliation, type ReconciliationOptions } from './store/create-reconciliation.ts'
export { reconcileMigrations } from './store/migrations.ts'
export type {
  AddedReport,
  ByHand,
  ExceptionsQuery,
  ItemEvent,
  OpenException,
  Reconciliation,
  ReconciliationWriteOptions,
} from './store/reconciliation.ts'
export { fetchSettlements } from './live/fetch-settlements.ts'
export { readOurRecords, type ReadOurRecordsOptions } from './live/read-our-records.ts'
export { auditFees, type FeeAudit, type FeeFinding, type FeeTotals } from './fees/audit-fees.ts'
export type { FeeRule } from './fees/fee-rule.ts'
export type { Delays } from './forecast/delays.ts'
export {
  forecastSettlements,
  type ExpectedSettlement,
  type ForecastOptions,
  type GatewayPace,
  type SettlementForecast,
} from './forecast/forecast-settlements.ts'
export { tellOverdue } from './forecast/tell-overdue.ts'
export type { ItemKind } from './items/item.ts'
export type { Movement } from './movements/movement.ts'
export { movementsIn } from './movements/movements-in.ts'
export { readMovements, type ReadMovementsOptions } from './movements/read-movements.ts'
export { cashPosition, type CashDay, type CashPosition, type CashPositionOptions } from './position/cash-position.ts'
export { agingIn, readAging, type AgeGroup } from './picture/aging.ts'
export { agingPicture } from './picture/aging-picture.ts'
export { cashPicture } from './picture/cash-picture.ts'
export { exceptionsPage } from './picture/exceptions-page.ts'
export type { MovementsTable } from './tables/movements-table.ts'
export { reconcileTables, type ReconcileTablesOptions } from './tables/reconcile-tables.ts'
export {
  postResiduals,
  type PostResidualsOptions,
  type ResidualAccounts,
  type ResidualsReport,
} from './residuals/post-residuals.ts'
export type { Residual } from './residuals/residuals-of.ts'
