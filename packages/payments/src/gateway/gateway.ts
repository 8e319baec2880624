import type { GatewayCapabilities } from './capabilities.ts'
import type {
  AcceptDisputeCommand,
  CaptureCommand,
  ChargeCommand,
  CreateCustomerCommand,
  PayoutCommand,
  RefundCommand,
  RemoveMethodCommand,
  ResumeCommand,
  SaveMethodCommand,
  SubmitEvidenceCommand,
  VoidCommand,
} from './command.ts'
import type { EventSubject, GatewayEvent } from './gateway-event.ts'
import type { LookupQuery, LookupResult } from './lookup.ts'
import type { OperationOutcome, PaymentOutcome } from './outcome.ts'
import type { SettlementLine } from './settlement-line.ts'
import type {
  CaptureSnapshot,
  CustomerSnapshot,
  DisputeSnapshot,
  GatewaySnapshot,
  PaymentSnapshot,
  PayoutSnapshot,
  RefundSnapshot,
  SavedMethodSnapshot,
} from './snapshot.ts'
import type { WebhookDelivery, WebhookVerdict } from './webhook-verdict.ts'

/** Options of a question. */
export interface GatewayCallOptions {
  /** Ends the waiting; what was sent may still be done. */
  readonly signal?: AbortSignal | undefined
}

/** A span of time, and a way to give up. */
export interface HistoryQuery {
  /** Included. */
  readonly since: Date
  /** Excluded. @default now */
  readonly until?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A payment gateway.
 *
 * A command that throws was **not** done, and it is certain: bad input, wrong credentials, no connection, too many requests.
 * Everything else is a value; where no answer came, it is `unknown`. A command sent again with the same key within the
 * gateway's window gives the outcome of the first.
 *
 * What a gateway cannot do (see `capabilities`) throws `PAYMENTS_GATEWAY_NOT_SUPPORTED` before anything is sent.
 */
export interface PaymentGateway extends AsyncDisposable {
  /** `stripe`, `paypal`, `authorizenet` or the host's own name: part of every record. */
  readonly name: string
  readonly capabilities: GatewayCapabilities

  charge(command: ChargeCommand): Promise<PaymentOutcome>
  resume(command: ResumeCommand): Promise<PaymentOutcome>
  capture(command: CaptureCommand): Promise<OperationOutcome<CaptureSnapshot>>
  void(command: VoidCommand): Promise<OperationOutcome<PaymentSnapshot>>
  refund(command: RefundCommand): Promise<OperationOutcome<RefundSnapshot>>
  payout(command: PayoutCommand): Promise<OperationOutcome<PayoutSnapshot>>
  createCustomer(command: CreateCustomerCommand): Promise<OperationOutcome<CustomerSnapshot>>
  saveMethod(command: SaveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>>
  removeMethod(command: RemoveMethodCommand): Promise<OperationOutcome<SavedMethodSnapshot>>
  acceptDispute(command: AcceptDisputeCommand): Promise<OperationOutcome<DisputeSnapshot>>
  submitEvidence(command: SubmitEvidenceCommand): Promise<OperationOutcome<DisputeSnapshot>>

  /** What became of a command. Changes nothing at the gateway. */
  lookup(query: LookupQuery): Promise<LookupResult>
  /**
   * What became of several commands, in their order, where one list can answer all of them; their signals are not looked at.
   * A question that failed says so in its place. Gateways with a search leave it out: then each is asked about alone.
   */
  lookupAll?(queries: readonly LookupQuery[]): Promise<readonly PromiseSettledResult<LookupResult>[]>
  /** The present state of what an event is about; undefined when the gateway does not know it. */
  fetch(subject: EventSubject, options?: GatewayCallOptions): Promise<GatewaySnapshot | undefined>
  /** Past events, the oldest first where the gateway can, so that missed deliveries are found. */
  events(query: HistoryQuery): AsyncIterable<GatewayEvent>
  /** Movements of the balance, the oldest first. */
  settlements(query: HistoryQuery): AsyncIterable<SettlementLine>
  /** Verifies a webhook's signature over its raw body, offline where the gateway allows, and translates it. */
  receive(delivery: WebhookDelivery): Promise<WebhookVerdict>
  /** Closes what the gateway opened itself; clients that the host passed stay open. */
  close(): Promise<void>
}
