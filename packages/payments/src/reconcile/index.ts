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
