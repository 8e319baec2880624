import type { Money } from '../money/money.ts'
import type { DisputeEvidence } from './dispute-evidence.ts'
import type { PaymentMethod } from './payment-method.ts'

/** What every command has. */
export interface CommandBase {
  /**
   * Names this command for ever: the same key with the same content is the same command, however often it is sent. 1 to 200
   * characters of printable ASCII.
   */
  readonly key: string
  readonly signal?: AbortSignal | undefined
}

/** Takes money, or reserves it. */
export interface ChargeCommand extends CommandBase {
  readonly amount: Money
  readonly method: PaymentMethod
  /** `now` takes the money, `later` reserves it until a capture. @default 'now' */
  readonly capture?: 'now' | 'later' | undefined
  /** The host's order. At most 100 characters. @default none */
  readonly order?: string | undefined
  /** What the buyer may read on the statement. @default the gateway's setting */
  readonly description?: string | undefined
  /** The gateway's reference of the customer. @default none */
  readonly customer?: string | undefined
  /** The buyer is not there: a renewal. Needs a saved method. @default false */
  readonly offSession?: boolean | undefined
  /** Keep the method for later charges to this customer. @default false */
  readonly saveMethod?: boolean | undefined
  /** Where the gateway's page sends the buyer afterwards. Needed for redirects. */
  readonly returnUrl?: string | undefined
  /** Where the gateway's page sends the buyer who gives up. @default returnUrl */
  readonly cancelUrl?: string | undefined
}

/** Goes on with a payment after the buyer did what `requires_action` asked for. */
export interface ResumeCommand extends CommandBase {
  /** The payment's reference. */
  readonly payment: string
  /** As it was in the charge. @default 'now' */
  readonly capture?: 'now' | 'later' | undefined
}

/** Takes reserved money. */
export interface CaptureCommand extends CommandBase {
  readonly payment: string
  readonly amount: Money
  /** What is not taken stays reserved for further captures, where the gateway can do so. @default true */
  readonly final?: boolean | undefined
}

/** Gives reserved money free; where the gateway wants it, also money that was taken and is not settled yet. */
export interface VoidCommand extends CommandBase {
  readonly payment: string
}

/** Gives money back. */
export interface RefundCommand extends CommandBase {
  readonly payment: string
  readonly amount: Money
  /** The capture's reference, where refunds belong to captures. @default the one with enough left */
  readonly capture?: string | undefined
  readonly reason?: 'duplicate' | 'fraudulent' | 'requested' | undefined
}

/** Pays money out. */
export interface PayoutCommand extends CommandBase {
  readonly amount: Money
  /** Whom to: the host's own bank account, or a receiver whom the gateway can pay. @default the bank account */
  readonly destination?: { readonly kind: 'bank' } | { readonly kind: 'email'; readonly email: string } | undefined
  readonly description?: string | undefined
}

/** Makes the buyer known to the gateway. */
export interface CreateCustomerCommand extends CommandBase {
  /** The host's identifier. */
  readonly id: string
  readonly email?: string | undefined
  readonly name?: string | undefined
}

/** Keeps a method for a customer. */
export interface SaveMethodCommand extends CommandBase {
  /** The customer's reference. */
  readonly customer: string
  /** The one-time token. */
  readonly token: string
}

/** Forgets a method. */
export interface RemoveMethodCommand extends CommandBase {
  readonly customer: string
  readonly reference: string
}

/** Hands evidence in. The gateways take it once in each stage: what is missing then stays missing. */
export interface SubmitEvidenceCommand extends CommandBase {
  /** The dispute's reference. */
  readonly dispute: string
  readonly evidence: DisputeEvidence
  /** How often evidence had been handed in before: by that a command whose answer was lost is recognised. @default not known */
  readonly after?: number | undefined
}

/** Concedes a dispute. */
export interface AcceptDisputeCommand extends CommandBase {
  readonly dispute: string
}
