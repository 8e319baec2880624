/**
 * Reconciliation: own books against gateways, gateways against banks, with a proof that no money was lost on the way.
 *
 * @packageDocumentation
 */
export { reconcileErrors } from './errors.ts'
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
