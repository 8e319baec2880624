import type { Clock, Random } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import type { Money } from '../../money/money.ts'
import type { Payments } from '../../payments/payments.ts'
import type { AuthorizeNetSimulator } from '../authorizenet/simulate-authorize-net.ts'
import type { PaypalSimulator } from '../paypal/simulate-paypal.ts'
import type { StripeSimulator } from '../stripe/simulate-stripe.ts'

/** A gateway that orders go through. */
export type HostGateway = 'stripe' | 'paypal' | 'authorizenet'

/** An order and what its buyer brings to the checkout. */
export interface HostOrder {
  /** Pass it on as the charge's `order`: it tells whose money was taken. */
  readonly id: string
  readonly gateway: HostGateway
  readonly amount: Money
  /** What the gateway's form in the browser gave; the next card has another. */
  readonly token: string
  /** 1 for the first card. A buyer who was told `declined` comes back with the next; else with the same. */
  readonly attempt: number
}

/** What a host gets to live in: one process of it, which may end at every statement. */
export interface HostWorld {
  /** Outlives the processes. A process that ended gets no answers from it any more. */
  readonly database: Database
  readonly stripe: StripeSimulator
  readonly paypal: PaypalSimulator
  readonly authorizenet: AuthorizeNetSimulator
  /** Pass it to payments and gateways: time goes on only by it. */
  readonly clock: Clock
  readonly random: Random
}

/** A host's own checkout, and what else of the host is to be checked. */
export interface HostApp {
  /**
   * The buyer presses the button; presses it twice, or comes back, and it is the same order. Gives what the buyer is told; what
   * it throws, the buyer sees as an error, and comes back.
   */
  checkout(order: HostOrder): Promise<'paid' | 'declined' | 'pending'>
  /** The host's payments: with them webhooks, sweeps, refunds, records and books need no further code. */
  readonly payments?: Payments | undefined
  /** Answers the gateways. @default createWebhookHandler(payments) */
  webhook?(request: Request, gateway: HostGateway): Promise<Response>
  /** What runs every minute. @default payments.sweep() */
  tick?(): Promise<unknown>
  /** Gives a part back; the same key is the same click. @default payments.refund(…) of what was captured */
  refund?(order: HostOrder, amount: Money, key: string): Promise<unknown>
  /** What the host's records say of an order, in minor units. @default payments.paymentsOf(order.id) */
  record?(order: HostOrder): Promise<{ readonly captured: bigint; readonly refunded: bigint }>
  /** How often the order was shipped, credited or unlocked. @default not checked */
  fulfilled?(order: HostOrder): Promise<number>
  /** Ends a process in order. */
  close?(): Promise<void>
}
