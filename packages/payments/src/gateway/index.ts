/**
 * The port of payment gateways: commands, outcomes, snapshots, events and capabilities.
 *
 * @packageDocumentation
 */
export type { GatewayCapabilities } from './capabilities.ts'
export type {
  AcceptDisputeCommand,
  CaptureCommand,
  ChargeCommand,
  CommandBase,
  CreateCustomerCommand,
  PayoutCommand,
  RefundCommand,
  RemoveMethodCommand,
  ResumeCommand,
  SaveMethodCommand,
  SubmitEvidenceCommand,
  VoidCommand,
} from './command.ts'
export type { Decline, DeclineReason, Refusal } from './decline.ts'
export {
  evidenceFileKinds,
  type CompellingEvidence,
  type DisputeEvidence,
  type EvidenceFile,
  type EvidenceFileKind,
  type EvidencePurchase,
} from './dispute-evidence.ts'
export { gatewayErrors } from './errors.ts'
export type { EventSubject, GatewayEvent } from './gateway-event.ts'
export type { GatewayCallOptions, HistoryQuery, PaymentGateway } from './gateway.ts'
export type { LookupQuery, LookupResult } from './lookup.ts'
export type { NextAction } from './next-action.ts'
export type { OperationOutcome, PaymentOutcome, UnknownOutcome } from './outcome.ts'
export type { MethodSummary, PaymentMethod } from './payment-method.ts'
export type { SettlementLine } from './settlement-line.ts'
export type {
  CaptureSnapshot,
  CustomerSnapshot,
  DisputeAction,
  DisputeSnapshot,
  GatewaySnapshot,
  PaymentSnapshot,
  PayoutSnapshot,
  RefundSnapshot,
  SavedMethodSnapshot,
} from './snapshot.ts'
export {
  stateRank,
  type DisputeStage,
  type DisputeState,
  type PaymentState,
  type PayoutState,
  type StatefulKind,
  type TransferState,
} from './state.ts'
export type { WebhookDelivery, WebhookRejection, WebhookVerdict } from './webhook-verdict.ts'
export { createCardGuard, type CardGuard } from './card-guard.ts'
export { checkCommand } from './check-command.ts'
