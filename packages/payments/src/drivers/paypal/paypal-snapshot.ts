import { createHash } from 'node:crypto'
import type { Decline, DeclineReason } from '../../gateway/decline.ts'
import type {
  CaptureSnapshot,
  DisputeSnapshot,
  PaymentSnapshot,
  PayoutSnapshot,
  RefundSnapshot,
} from '../../gateway/snapshot.ts'
import type { DisputeState, PaymentState, PayoutState, TransferState } from '../../gateway/state.ts'
import type { Money } from '../../money/money.ts'
import { fromPaypalMoney } from './paypal-amount.ts'
import { disputeDetails } from './paypal-dispute.ts'
import type {
  PaypalCapture,
  PaypalDispute,
  PaypalOrder,
  PaypalPayoutBatch,
  PaypalRefund,
  PaypalUnit,
} from './paypal-types.ts'

/** What stands for a key in fields of 127 characters: the key itself, or its digest. */
export function referenceOf(key: string): string {
  return key.length <= 127 ? key : createHash('sha256').update(key).digest('hex')
}

/** A payment from its order. */
export function paymentFromOrder(order: PaypalOrder): PaymentSnapshot {
  const unit = order.purchase_units?.[0]
  const amount = unit === undefined ? { amount: 0n, currency: 'USD' } : fromPaypalMoney(unit.amount)
  const { currency } = amount
  const captures = (unit?.payments?.captures ?? []).map((capture) => captureFromPaypal(capture, order.id))
  const refunds = (unit?.payments?.refunds ?? []).map((refund) => refundFromPaypal(refund, order.id))
  const [authorization] = unit?.payments?.authorizations ?? []
  const captured = sumOf(captures.filter(({ state }) => state === 'succeeded'))
  const approveUrl = linkOf(order, 'payer-action') ?? linkOf(order, 'approve')
  const reserved = authorization === undefined ? captured : fromPaypalMoney(authorization.amount).amount
  return {
    kind: 'payment',
    reference: order.id,
    key: unit?.custom_id,
    order: unit?.invoice_id,
    state: stateOf(order, unit, captured),
    amount,
    authorised: { amount: reserved, currency },
    captured: { amount: captured, currency },
    refunded: { amount: sumOf(refunds.filter(({ state }) => state !== 'failed')), currency },
    captures,
    refunds,
    method: methodOf(order),
    decline: captures.some(({ state }) => state === 'failed') && captured === 0n ? captureDecline(unit) : undefined,
    nextAction: approveUrl === undefined ? undefined : { kind: 'redirect', url: approveUrl },
  }
}

export function captureFromPaypal(capture: PaypalCapture, payment: string): CaptureSnapshot {
  const fee = capture.seller_receivable_breakdown?.paypal_fee
  return {
    kind: 'capture',
    reference: capture.id,
    payment,
    key: capture.invoice_id,
    state: captureStates[capture.status] ?? 'pending',
    amount: fromPaypalMoney(capture.amount),
    fee: fee === undefined ? undefined : fromPaypalMoney(fee),
  }
}

const captureStates: Readonly<Record<string, TransferState>> = {
  COMPLETED: 'succeeded',
  PARTIALLY_REFUNDED: 'succeeded',
  REFUNDED: 'succeeded',
  DECLINED: 'failed',
  FAILED: 'failed',
}

export function refundFromPaypal(refund: PaypalRefund, payment?: string): RefundSnapshot {
  const states: Readonly<Record<string, TransferState>> = {
    COMPLETED: 'succeeded',
    CANCELLED: 'failed',
    FAILED: 'failed',
  }
  return {
    kind: 'refund',
    reference: refund.id,
    payment,
    // The refund names its capture by a link alone.
    capture: /\/captures\/([^/?]+)/.exec(linkOf(refund, 'up') ?? '')?.[1],
    key: refund.custom_id,
    state: states[refund.status] ?? 'pending',
    amount: fromPaypalMoney(refund.amount),
  }
}

export function payoutFromPaypal({ batch_header: batch }: PaypalPayoutBatch, asked?: Money): PayoutSnapshot {
  const states: Readonly<Record<string, PayoutState>> = {
    PROCESSING: 'in_transit',
    SUCCESS: 'paid',
    DENIED: 'failed',
    CANCELED: 'cancelled',
  }
  const amount =
    batch.amount === undefined
      ? asked
      : fromPaypalMoney({ currency_code: batch.amount.currency, value: batch.amount.value })
  return {
    kind: 'payout',
    reference: batch.payout_batch_id,
    key: batch.sender_batch_header?.sender_batch_id,
    state: states[batch.batch_status] ?? 'pending',
    amount: amount ?? { amount: 0n, currency: 'USD' },
  }
}

export function disputeFromPaypal(dispute: PaypalDispute): DisputeSnapshot {
  const amount = fromPaypalMoney(dispute.dispute_amount)
  const { currency } = amount
  const moved = (type: string) => ({
    amount: sumOf(
      (dispute.money_movements ?? [])
        .filter((movement) => movement.affected_party === 'SELLER' && movement.type === type)
        .map((movement) => ({ amount: fromPaypalMoney(movement.amount) })),
    ),
    currency,
  })
  return {
    kind: 'dispute',
    reference: dispute.dispute_id,
    payment: undefined,
    capture: dispute.disputed_transactions?.[0]?.seller_transaction_id,
    state: disputeState(dispute),
    amount,
    withdrawn: moved('DEBIT'),
    reinstated: moved('CREDIT'),
    reason: dispute.reason,
    evidenceDueBy:
      dispute.seller_response_due_date === undefined ? undefined : new Date(dispute.seller_response_due_date),
    ...disputeDetails(dispute),
  }
}

function disputeState({
  status,
  dispute_life_cycle_stage: stage,
  dispute_outcome: outcome,
}: PaypalDispute): DisputeState {
  if (status === 'RESOLVED') {
    const code = outcome?.outcome_code ?? ''
    if (code === 'ACCEPTED') return 'accepted'
    if (code === 'RESOLVED_SELLER_FAVOUR' || code === 'DENIED' || code === 'CANCELED_BY_BUYER') return 'won'
    return 'lost'
  }
  if (status === 'UNDER_REVIEW' || status === 'WAITING_FOR_BUYER_RESPONSE') return 'under_review'
  return stage === 'INQUIRY' ? 'inquiry' : 'needs_response'
}

function stateOf({ status }: PaypalOrder, unit: PaypalUnit | undefined, captured: bigint): PaymentState {
  const authorization = unit?.payments?.authorizations?.[0]?.status
  const captures = unit?.payments?.captures ?? []
  if (captured > 0n) return 'captured'
  if (authorization === 'VOIDED' || status === 'VOIDED') return 'voided'
  if (authorization === 'CREATED') return 'authorised'
  if (authorization === 'DENIED' || captures.some((capture) => captureStates[capture.status] === 'failed'))
    return 'declined'
  if (authorization === 'PENDING' || captures.length > 0) return 'pending'
  // Approved is the buyer's word alone: no money has moved.
  if (status === 'PAYER_ACTION_REQUIRED' || status === 'CREATED' || status === 'SAVED' || status === 'APPROVED')
    return 'requires_action'
  return 'pending'
}

function methodOf({ payment_source: source }: PaypalOrder) {
  const [type, details] = Object.entries(source ?? {})[0] ?? []
  if (type === undefined) return undefined
  return { type, brand: details?.brand?.toLowerCase(), last4: details?.last_digits, expires: details?.expiry }
}

function captureDecline(unit: PaypalUnit | undefined): Decline {
  const failed = unit?.payments?.captures?.find(({ status }) => captureStates[status] === 'failed')
  return paypalDecline(failed?.processor_response?.response_code ?? 'DECLINED')
}

// developer.paypal.com/api/rest/reference/orders/v2/errors, and the processor responses of the payments API.
const declines: Readonly<Record<string, readonly [DeclineReason, Decline['advice']]>> = {
  5120: ['insufficient_funds', 'later'],
  5400: ['expired_card', 'other_method'],
  9500: ['fraud_suspected', 'other_method'],
  '00N7': ['incorrect_cvc', 'buyer'],
  CARD_EXPIRED: ['expired_card', 'other_method'],
  COMPLIANCE_VIOLATION: ['not_supported', 'other_method'],
  DUPLICATE_INVOICE_ID: ['duplicate', 'buyer'],
  INSTRUMENT_DECLINED: ['card_declined', 'other_method'],
  PAYER_ACTION_REQUIRED: ['authentication_failed', 'buyer'],
  PAYER_CANNOT_PAY: ['not_supported', 'other_method'],
  TRANSACTION_REFUSED: ['card_declined', 'other_method'],
}

/** Whether an issue of a 422 is the refusal of a payment. */
export function isDecline(issue: string): boolean {
  return declines[issue] !== undefined
}

export function paypalDecline(code: string): Decline {
  const [reason, advice] = declines[code] ?? (['card_declined', 'other_method'] as const)
  return { reason, advice, code, message: `PayPal declined the payment (${code}).` }
}

function linkOf(
  { links }: { readonly links?: readonly { readonly rel: string; readonly href: string }[] | undefined },
  rel: string,
) {
  return links?.find((link) => link.rel === rel)?.href
}

function sumOf(items: readonly { readonly amount: Money }[]): bigint {
  return items.reduce((sum, { amount }) => sum + amount.amount, 0n)
}
