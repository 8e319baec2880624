import type { Clock, Random } from '@exprsn/core'
import { BalanceBook, type BalanceEntry } from '../simulator/balance-book.ts'
import type {
  CaptureRecord,
  DisputeRecord,
  EventRecord,
  OrderRecord,
  PayoutRecord,
  RefundRecord,
  VaultRecord,
} from './paypal-objects.ts'
import { writeAmount } from './paypal-amount.ts'
import { disputeLinks } from './dispute-links.ts'

const day = 86_400_000

/** An authorisation is valid for 29 days (developer.paypal.com/docs/checkout/standard/customize/authorization). */
export const authorisationLifetime = 29 * day
const payoutDelay = 3_600_000

interface AccountOptions {
  readonly clock: Clock
  readonly random: Random
  readonly onEvent: (event: EventRecord) => void
}

/** Everything that a simulated PayPal account holds. */
export class PaypalAccount {
  readonly clock: Clock
  readonly orders = new Map<string, OrderRecord>()
  readonly captures = new Map<string, CaptureRecord>()
  readonly refunds = new Map<string, RefundRecord>()
  readonly disputes = new Map<string, DisputeRecord>()
  readonly payouts = new Map<string, PayoutRecord>()
  readonly vault = new Map<string, VaultRecord>()
  readonly events: EventRecord[] = []
  readonly book = new BalanceBook()
  readonly #random: Random
  readonly #onEvent: AccountOptions['onEvent']
  #settledAt = Number.NaN

  constructor({ clock, random, onEvent }: AccountOptions) {
    this.clock = clock
    this.#random = random
    this.#onEvent = onEvent
  }

  /** Seventeen capitals and digits. */
  createId(): string {
    return Array.from(this.#random.bytes(17), (byte) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[byte % 32]).join('')
  }

  /** 3.49 % and 49 minor units. */
  feeOf(amount: bigint): bigint {
    const fee = (amount * 349n + 5_000n) / 10_000n + 49n
    return fee < amount ? fee : amount
  }

  enter(entry: Omit<BalanceEntry, 'id' | 'at' | 'availableAt'>): BalanceEntry {
    const at = this.clock.now()
    return this.book.add({ ...entry, id: this.createId(), at, availableAt: at })
  }

  emit(type: string, resourceType: string, resource: unknown): void {
    const event = {
      id: `WH-${this.createId()}-${this.createId()}`,
      createdAt: this.clock.now(),
      type,
      resourceType,
      resource,
    }
    this.events.push(event)
    this.#onEvent(event)
  }

  /** Takes money for an order. */
  takeMoney(
    order: OrderRecord,
    amount: bigint,
    options: { readonly invoiceId: string | undefined; readonly final: boolean },
  ): CaptureRecord {
    const { currency, customId } = order
    const declined = order.declines
    const capture: CaptureRecord = {
      id: this.createId(),
      order: order.id,
      createdAt: this.clock.now(),
      amount,
      currency,
      fee: declined ? 0n : this.feeOf(amount),
      invoiceId: options.invoiceId,
      customId,
      final: options.final,
      status: declined ? 'DECLINED' : 'COMPLETED',
      refunds: [],
    }
    order.captures.push(capture)
    this.captures.set(capture.id, capture)
    if (!declined)
      this.enter({ kind: 'charge', gross: amount, fee: capture.fee, currency, source: capture.id, payment: order.id })
    this.emit(declined ? 'PAYMENT.CAPTURE.DECLINED' : 'PAYMENT.CAPTURE.COMPLETED', 'capture', renderCapture(capture))
    return capture
  }

  /** Carries out what time alone brings: authorisations end, payouts arrive. */
  settle(): void {
    const now = this.clock.now()
    if (now === this.#settledAt) return
    this.#settledAt = now
    for (const { authorization } of this.orders.values()) {
      const open = authorization?.status === 'CREATED' || authorization?.status === 'PARTIALLY_CAPTURED'
      if (authorization !== undefined && open && authorization.expiresAt <= now) authorization.status = 'VOIDED'
    }
    for (const payout of this.payouts.values()) {
      if (payout.status !== 'PENDING' || now < payout.createdAt + payoutDelay) continue
      payout.status = 'SUCCESS'
      this.book.book({
        id: `bank-${payout.id}`,
        bookedOn: new Date(now).toISOString().slice(0, 10),
        amount: payout.amount,
        currency: payout.currency,
        text: `PAYPAL PAYOUT ${payout.id}`,
        payout: payout.id,
      })
      this.emit('PAYMENT.PAYOUTSBATCH.SUCCESS', 'payouts', renderPayout(payout))
    }
  }
}

// The shapes follow the response types of @paypal/paypal-server-sdk and paypal/paypal-rest-api-specifications.

export function renderOrder(order: OrderRecord): unknown {
  const { authorization, captures } = order
  const refunds = captures.flatMap((capture) => capture.refunds.map((refund) => renderRefund(refund)))
  return {
    id: order.id,
    intent: order.intent,
    status: order.status,
    create_time: iso(order.createdAt),
    ...(order.sourceKind === 'card'
      ? { payment_source: { card: { brand: 'VISA', last_digits: '4242', expiry: '2034-12' } } }
      : { payment_source: { paypal: { email_address: 'buyer@example.com' } } }),
    purchase_units: [
      {
        reference_id: 'default',
        amount: writeAmount(order.amount, order.currency),
        custom_id: order.customId,
        invoice_id: order.invoiceId,
        payments: {
          ...(authorization === undefined ? {} : { authorizations: [renderAuthorization(order)] }),
          ...(captures.length === 0 ? {} : { captures: captures.map(renderCapture) }),
          ...(refunds.length === 0 ? {} : { refunds }),
        },
      },
    ],
    links:
      order.status === 'PAYER_ACTION_REQUIRED'
        ? [{ href: `https://www.sandbox.paypal.com/checkoutnow?token=${order.id}`, rel: 'payer-action', method: 'GET' }]
        : [],
  }
}

export function renderAuthorization(order: OrderRecord): unknown {
  const authorization = order.authorization!
  return {
    id: authorization.id,
    status: authorization.status,
    amount: writeAmount(order.amount, order.currency),
    custom_id: order.customId,
    create_time: iso(authorization.createdAt),
    expiration_time: iso(authorization.expiresAt),
    supplementary_data: { related_ids: { order_id: order.id } },
  }
}

export function renderCapture(capture: CaptureRecord): unknown {
  const money = (units: bigint) => writeAmount(units, capture.currency)
  return {
    id: capture.id,
    status: capture.status,
    amount: money(capture.amount),
    custom_id: capture.customId,
    invoice_id: capture.invoiceId,
    final_capture: capture.final,
    create_time: iso(capture.createdAt),
    seller_receivable_breakdown: {
      gross_amount: money(capture.amount),
      paypal_fee: money(capture.fee),
      net_amount: money(capture.amount - capture.fee),
    },
    ...(capture.status === 'DECLINED' ? { processor_response: { response_code: '5120' } } : {}),
    supplementary_data: { related_ids: { order_id: capture.order } },
  }
}

export function renderRefund(refund: RefundRecord): unknown {
  return {
    id: refund.id,
    status: refund.status,
    amount: writeAmount(refund.amount, refund.currency),
    custom_id: refund.customId,
    create_time: iso(refund.createdAt),
    links: [
      { href: `https://api-m.sandbox.paypal.com/v2/payments/captures/${refund.capture}`, rel: 'up', method: 'GET' },
    ],
  }
}

export function renderDispute(dispute: DisputeRecord): unknown {
  const money = (units: bigint) => writeAmount(units, dispute.currency)
  return {
    dispute_id: dispute.id,
    create_time: iso(dispute.createdAt),
    update_time: iso(dispute.updatedAt),
    status: dispute.status,
    dispute_life_cycle_stage: dispute.stage,
    reason: dispute.reason,
    dispute_amount: money(dispute.amount),
    disputed_transactions: [{ seller_transaction_id: dispute.capture }],
    seller_response_due_date: iso(dispute.dueBy),
    evidences: dispute.evidences.map((evidence) => ({ ...evidence, source: 'SUBMITTED_BY_SELLER' })),
    links: disputeLinks(dispute),
    ...(dispute.outcome === undefined ? {} : { dispute_outcome: { outcome_code: dispute.outcome } }),
    money_movements: [
      ...(dispute.withdrawn > 0n
        ? [{ affected_party: 'SELLER', amount: money(dispute.withdrawn), type: 'DEBIT' }]
        : []),
      ...(dispute.reinstated > 0n
        ? [{ affected_party: 'SELLER', amount: money(dispute.reinstated), type: 'CREDIT' }]
        : []),
    ],
  }
}

export function renderPayout(payout: PayoutRecord): unknown {
  return {
    batch_header: {
      payout_batch_id: payout.id,
      batch_status: payout.status,
      time_created: iso(payout.createdAt),
      sender_batch_header: { sender_batch_id: payout.senderBatchId },
      amount: { currency: payout.currency, value: writeAmount(payout.amount, payout.currency).value },
    },
  }
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
