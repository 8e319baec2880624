/**
 * Disputes over all gateways as one kind of case: deadlines, evidence, commands that are done once, and how it ended.
 *
 * @packageDocumentation
 */
export { alarmsOf, type DisputeAlarm } from './alarm/alarms.ts'
export type { CaseActs, Submission } from './case/case-acts.ts'
export type { CaseStatus } from './case/case-status.ts'
export type { DisputeCase } from './case/dispute-case.ts'
export {
  findCompellingEvidence,
  type CommonElement,
  type CompellingFinding,
  type HistoricPurchase,
} from './compelling/find-compelling.ts'
export type { Purchase } from './compelling/purchase.ts'
export { createDisputes, type DisputesOptions } from './create-disputes.ts'
export type {
  CasesQuery,
  DisputeEvent,
  DisputeHand,
  DisputeOutcome,
  Disputes,
  DisputeSweepOptions,
  DisputeSweepReport,
} from './disputes.ts'
export { disputeErrors } from './errors.ts'
export { checkEvidence, type CheckedItem, type EvidenceCheck } from './evidence/check-evidence.ts'
export { checklists, type ChecklistItem } from './evidence/checklist.ts'
export type { EvidencePack } from './evidence/evidence-pack.ts'
export type { DisputeFileProfile } from './import/dispute-file-profile.ts'
export { readDisputeFile } from './import/read-dispute-file.ts'
export { reasonFamily, type DisputeReason, type ReasonFamily } from './reason/reason-family.ts'
export type { OutcomeAmounts, OutcomeGroup, OutcomeReport } from './report/outcome-report.ts'
export { outcomesPicture } from './report/outcomes-picture.ts'
export { disputeMigrations } from './store/migrations.ts'
