import type { Duration } from '@exprsn/core'
import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { ChargeCommand, PayoutCommand, RefundCommand } from '../gateway/command.ts'
import type { DisputeEvidence } from '../gateway/dispute-evidence.ts'
import type { Decline, DeclineReason, Refusal } from '../gateway/decline.ts'
import type { GatewayCapabilities } from '../gateway/capabilities.ts'
import type { NextAction } from '../gateway/next-action.ts'
import type { DisputeSnapshot, SavedMethodSnapshot } from '../gateway/snapshot.ts'
import type { WebhookDelivery, WebhookRejection } from '../gateway/webhook-verdict.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Money } from '../money/money.ts'
import type { Payment, Transfer } from './payment.ts'

/** How a charge stands. Only faults throw; after one it is certain that nothing was charged. */
export type ChargeOutcome =
  /** The money is taken. */
  | { readonly status: 'succeeded'; readonly payment: Payment }
  /** The money is reserved. */
  | { readonly status: 'authorised'; readonly payment: Payment }
  /** The buyer has to do something; then call `resume`. */
  | { readonly status: 'requires_action'; readonly payment: Payment; readonly nextAction: NextAction }
  | {
      readonly status: 'declined'
      readonly payment: Payment
      readonly reason: DeclineReason
      readonly decline: Decline
    }
  /** The gateway will tell. */
  | { readonly status: 'pending'; readonly payment: Payment }
  /** Given free again or run out, by a later command or by time. */
  | { readonly status: 'voided' | 'expired'; readonly payment: Payment }
  /** No answer came. A webhook or `sweep` resolves it; repeat the call with the same key at any time. */
  | { readonly status: 'unknown'; readonly payment: Payment }

/** How another command stands. */
export type CommandOutcome<Result> =
  | { readonly status: 'succeeded' | 'pending'; readonly result: Result }
  /** Not done; nothing changed. */
  | { readonly status: 'refused'; readonly reason: Refusal['reason']; readonly refusal: Refusal }
  /** No answer came. A webhook or `sweep` resolves it; repeat the call with the same key at any time. */
  | { readonly status: 'unknown' }

interface Keyed {
  /** Names this command for ever; the same key with the same content is the same command. */
  readonly key: string
  readonly signal?: AbortSignal | undefined
}

/** A payment, or its id. */
export type PaymentRef = string | Pick<Payment, 'id'>

/** {@link Payments.charge}. */
export interface Charge extends ChargeCommand {
  /** One of those passed to `createPayments`. */
  readonly gateway: string
}

/** {@link Payments.capture}. */
export interface Capture extends Keyed {
  readonly payment: PaymentRef
  /** @default all that is reserved */
  readonly amount?: Money | undefined
  /** What is not taken stays reserved, where the gateway can do so. @default true */
  readonly final?: boolean | undefined
}

/** {@link Payments.refund}. */
export interface Refund extends Keyed, Pick<RefundCommand, 'capture' | 'reason'> {
  readonly payment: PaymentRef
  /** @default all that was not refunded yet */
  readonly amount?: Money | undefined
}

/** {@link Payments.resume} and {@link Payments.void}. */
export interface OnPayment extends Keyed {
  readonly payment: PaymentRef
}

/** {@link Payments.payout}. */
export interface Payout extends PayoutCommand {
  readonly gateway: string
}

/** What `sweep` did. */
export interface SweepReport {
  /** Events that were applied. */
  readonly events: number
  /** Commands that were sent because nobody had done so. */
  readonly sent: number
  /** Commands whose outcome became known. */
  readonly resolved: number
  /** Payments that were compared with their gateway. */
  readonly checked: number
  /** Events that no webhook had brought. */
  readonly missed: number
  /** What failed and is tried again at the next sweep, as the messages of the errors. */
  readonly failures: readonly string[]
  /** Nothing is left to do at this moment. */
  readonly idle: boolean
}

/** Options of {@link Payments.sweep}. */
export interface SweepOptions {
  /** No new piece of work is begun after that long. @default '30s' */
  readonly deadline?: Duration | undefined
  /** Ends it between two payments. */
  readonly signal?: AbortSignal | undefined
}

/** Options of what takes part in a transaction. */
export interface TransactionalOptions {
  /** The host's transaction: the command is sent only if it commits. */
  readonly tx?: Queryable | undefined
}

/** What a delivery of a webhook came to. */
export type Received =
  | { readonly accepted: true; readonly events: number; readonly duplicates: number }
  | { readonly accepted: false; readonly rejection: WebhookRejection; readonly message: string }

/** Payments over one or more gateways. See {@link createPayments}. */
export interface Payments {
  /** The tables of payments and of the ledger: `migrate(database, [payments.migrations])`. */
  readonly migrations: MigrationSet
  /** Where every cent stands. */
  readonly ledger: Ledger
  /** By the names of the gateways. */
  readonly capabilities: Readonly<Record<string, GatewayCapabilities>>

  charge(command: Charge): Promise<ChargeOutcome>
  /** Goes on after `requires_action`. */
  resume(command: OnPayment): Promise<ChargeOutcome>
  capture(command: Capture): Promise<CommandOutcome<Payment>>
  void(command: OnPayment): Promise<CommandOutcome<Payment>>
  /** Never more than was captured, however many ask at the same moment. */
  refund(command: Refund): Promise<CommandOutcome<Payment>>
  payout(command: Payout): Promise<CommandOutcome<Transfer>>
  /** Concedes a dispute. */
  acceptDispute(
    command: Keyed & { readonly gateway: string; readonly dispute: string },
  ): Promise<CommandOutcome<Transfer>>
  /** Hands in evidence about a dispute. */
  submitEvidence(
    command: Keyed & {
      readonly gateway: string
      readonly dispute: string
      readonly evidence: DisputeEvidence
      /** How often evidence had been handed in before. @default not known */
      readonly after?: number | undefined
    },
  ): Promise<CommandOutcome<Transfer>>
  /** Makes the buyer known to the gateway; the result is the gateway's reference. */
  createCustomer(
    command: Keyed & {
      readonly gateway: string
      readonly id: string
      readonly email?: string | undefined
      readonly name?: string | undefined
    },
  ): Promise<CommandOutcome<string>>
  /** Keeps a method for a customer, both by the gateway's references; the result is the method's. */
  saveMethod(
    command: Keyed & { readonly gateway: string; readonly customer: string; readonly token: string },
  ): Promise<CommandOutcome<string>>
  removeMethod(
    command: Keyed & { readonly gateway: string; readonly customer: string; readonly reference: string },
  ): Promise<CommandOutcome<string>>

  /**
   * Writes a charge down in the host's own transaction, to be sent by `perform` or by the next `sweep` once that has been
   * committed. The gateway is not asked here.
   */
  enqueueCharge(command: Charge, options: TransactionalOptions): Promise<Payment>
  /** Sends what was enqueued, or gives the outcome it had. @throws `PAYMENTS_ATTEMPT_UNKNOWN` */
  perform(key: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<ChargeOutcome>

  /** @throws `PAYMENTS_PAYMENT_UNKNOWN` */
  payment(id: string, options?: TransactionalOptions): Promise<Payment>
  /** The payments of an order, the oldest first. */
  paymentsOf(order: string): Promise<readonly Payment[]>
  /** Captures, refunds and disputes of a payment. */
  transfersOf(payment: PaymentRef): Promise<readonly Transfer[]>
  /** At most 1,000. */
  disputes(): Promise<readonly Transfer[]>
  /** At most 1,000. */
  payouts(): Promise<readonly Transfer[]>
  /** The methods that a gateway keeps for a customer. */
  methods(gateway: string, customer: string): Promise<readonly SavedMethodSnapshot[]>
  /** The gateway's reference of the host's customer. */
  customer(gateway: string, id: string): Promise<string | undefined>

  /** Verifies a delivery, keeps its events, and applies them. Told twice, it takes effect once. */
  receive(gateway: string, delivery: WebhookDelivery): Promise<Received>
  /**
   * Takes in disputes that a gateway told by a file instead of its API. Told twice, they take effect once; what is about a
   * payment that is not known yet waits for it.
   */
  importReports(
    gateway: string,
    reports: readonly DisputeSnapshot[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Extract<Received, { readonly accepted: true }>>
  /**
   * Does what is due: events that wait, commands that nobody sent, commands without an answer, payments that have been open
   * for long, and events that no webhook brought. Call it every minute, from as many processes as you like.
   */
  sweep(options?: SweepOptions): Promise<SweepReport>
  /** Closes the gateways. The database stays open. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
