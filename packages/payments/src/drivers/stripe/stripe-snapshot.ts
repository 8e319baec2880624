import type { NextAction } from '../../gateway/next-action.ts'
import type { MethodSummary } from '../../gateway/payment-method.ts'
import type {
  CaptureSnapshot,
  DisputeSnapshot,
  PaymentSnapshot,
  PayoutSnapshot,
  RefundSnapshot,
  SavedMethodSnapshot,
} from '../../gateway/snapshot.ts'
import type { DisputeState, PaymentState, PayoutState, TransferState } from '../../gateway/state.ts'
import type { Money } from '../../money/index.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { stripeDecline } from './stripe-decline.ts'
import { disputeDetails } from './stripe-dispute.ts'
import { capturesIn } from './stripe-metadata.ts'
import type {
  Expandable,
  StripeCharge,
  StripeDispute,
  StripeIntent,
  StripeMethod,
  StripePayout,
  StripeRefund,
} from './stripe-types.ts'

/** What every call asks for along with a PaymentIntent. */
export const intentExpansion = ['latest_charge', 'latest_charge.refunds', 'latest_charge.balance_transaction']

/** A payment from its PaymentIntent. Without its charge, what was refunded is not known and counted as nothing. */
export function paymentFromIntent(intent: StripeIntent): PaymentSnapshot {
  const { currency, metadata } = intent
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const money = (units: number) => fromStripeAmount(units, currency)
  const captured = intent.amount_received
  const failed = charge?.status === 'failed'
  const authorised = intent.status === 'requires_capture' ? intent.amount_capturable + captured : captured
  return {
    kind: 'payment',
    reference: intent.id,
    key: metadata['exprsn_key'],
    order: metadata['exprsn_order'],
    state: stateOf(intent),
    amount: money(intent.amount),
    authorised: money(authorised > 0 && charge !== null && !failed ? charge.amount : authorised),
    captured: money(captured),
    refunded: money(charge?.amount_refunded ?? 0),
    captures: capturesOf(intent),
    refunds: charge?.refunds?.data.map(refundFromStripe).toReversed() ?? [],
    method: charge === null ? undefined : summaryOf(charge.payment_method_details),
    decline: intent.last_payment_error === null ? undefined : stripeDecline(intent.last_payment_error),
    nextAction: intent.status === 'requires_action' ? nextActionOf(intent) : undefined,
  }
}

/** The same from a charge, which names all totals of a payment. */
export function paymentFromCharge(charge: StripeCharge): PaymentSnapshot | undefined {
  const payment = idOf(charge.payment_intent)
  if (payment === undefined || charge.status !== 'succeeded') return undefined
  const { currency, metadata } = charge
  const money = (units: number) => fromStripeAmount(units, currency)
  return {
    kind: 'payment',
    reference: payment,
    key: metadata['exprsn_key'],
    order: metadata['exprsn_order'],
    state: charge.captured ? 'captured' : 'authorised',
    amount: money(charge.amount),
    authorised: money(charge.amount),
    captured: money(charge.captured ? charge.amount_captured : 0),
    refunded: money(charge.amount_refunded),
    captures: [],
    refunds: charge.refunds?.data.map(refundFromStripe).toReversed() ?? [],
    method: summaryOf(charge.payment_method_details),
  }
}

export function refundFromStripe(refund: StripeRefund): RefundSnapshot {
  const states: Readonly<Record<string, TransferState>> = {
    succeeded: 'succeeded',
    failed: 'failed',
    canceled: 'failed',
  }
  return {
    kind: 'refund',
    reference: refund.id,
    payment: idOf(refund.payment_intent),
    capture: idOf(refund.charge),
    key: refund.metadata?.['exprsn_key'],
    state: states[refund.status ?? ''] ?? 'pending',
    amount: fromStripeAmount(refund.amount, refund.currency),
    failure: refund.failure_reason,
  }
}

export function payoutFromStripe(payout: StripePayout): PayoutSnapshot {
  const states: Readonly<Record<string, PayoutState>> = {
    pending: 'pending',
    in_transit: 'in_transit',
    paid: 'paid',
    failed: 'failed',
    canceled: 'cancelled',
  }
  return {
    kind: 'payout',
    reference: payout.id,
    key: payout.metadata?.['exprsn_key'],
    state: states[payout.status] ?? 'pending',
    amount: fromStripeAmount(payout.amount, payout.currency),
    arrivesAt: new Date(payout.arrival_date * 1000),
    failure: payout.failure_code ?? undefined,
  }
}

const disputeStates: Readonly<Record<string, DisputeState>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'under_review',
  warning_closed: 'closed',
  prevented: 'closed',
  needs_response: 'needs_response',
  under_review: 'under_review',
  won: 'won',
  lost: 'lost',
  appeal_needs_response: 'needs_response',
  appeal_under_review: 'under_review',
}

export function disputeFromStripe(dispute: StripeDispute): DisputeSnapshot {
  const { currency, balance_transactions: entries } = dispute
  const money = (units: number) => fromStripeAmount(units, currency)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const amounts = entries.map(({ amount }) => amount)
  return {
    kind: 'dispute',
    reference: dispute.id,
    payment: idOf(dispute.payment_intent),
    capture: idOf(dispute.charge),
    state: disputeStates[dispute.status] ?? 'under_review',
    amount: money(dispute.amount),
    fee: money(sum(entries.map(({ fee }) => fee))),
    withdrawn: money(-sum(amounts.filter((amount) => amount < 0))),
    reinstated: money(sum(amounts.filter((amount) => amount > 0))),
    reason: dispute.reason,
    evidenceDueBy:
      dispute.evidence_details.due_by === null ? undefined : new Date(dispute.evidence_details.due_by * 1000),
    ...disputeDetails(dispute),
  }
}

export function methodFromStripe(method: StripeMethod, customer = idOf(method.customer)): SavedMethodSnapshot {
  return {
    kind: 'method',
    reference: method.id,
    customer: customer ?? '',
    method: summaryOf(method) ?? { type: method.type },
    removed: method.customer === null,
  }
}

/** Why the buyer has to come back, and how. */
export function nextActionOf({ next_action: action, client_secret: clientSecret }: StripeIntent): NextAction {
  const url = action?.redirect_to_url?.url
  return url == null ? { kind: 'script', clientSecret: clientSecret ?? '' } : { kind: 'redirect', url }
}

export function idOf(value: Expandable<object> | undefined): string | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'string' ? value : (value as { readonly id?: string }).id
}

function stateOf({
  status,
  amount_received: received,
  last_payment_error: error,
  cancellation_reason: reason,
}: StripeIntent): PaymentState {
  switch (status) {
    case 'requires_payment_method':
    case 'requires_confirmation':
      return error === null ? 'created' : 'declined'
    case 'requires_action':
      return 'requires_action'
    case 'requires_capture':
      return received > 0 ? 'captured' : 'authorised'
    case 'succeeded':
      return 'captured'
    case 'canceled':
      return reason === 'automatic' ? 'expired' : 'voided'
    default:
      return 'pending'
  }
}

function capturesOf(intent: StripeIntent): CaptureSnapshot[] {
  const charge = idOf(intent.latest_charge)
  if (charge === undefined || intent.amount_received === 0) return []
  const { currency, metadata } = intent
  const named = capturesIn(metadata, { payment: intent.id, charge, currency })
  const total = named.reduce((sum, { amount }) => sum + amount.amount, 0n)
  const rest = fromStripeAmount(intent.amount_received, currency).amount - total
  // Taken at once, or by somebody else, such as in the Dashboard.
  if (rest > 0n)
    named.push({
      kind: 'capture',
      reference: charge,
      payment: intent.id,
      key: named.length === 0 ? metadata['exprsn_key'] : undefined,
      state: 'succeeded',
      amount: { amount: rest, currency: currency.toUpperCase() },
    })
  const [only] = named
  return named.length === 1 && only !== undefined ? [{ ...only, fee: feeOf(intent) }] : named
}

/** A fee that cannot be expressed in its currency must not make the payment unreadable: it comes with the settlement. */
function feeOf({ latest_charge: charge }: StripeIntent): Money | undefined {
  const entry = typeof charge === 'object' ? charge?.balance_transaction : undefined
  if (typeof entry !== 'object' || entry === null) return undefined
  try {
    return fromStripeAmount(entry.fee, entry.currency)
  } catch {
    return undefined
  }
}

function summaryOf(details: unknown): MethodSummary | undefined {
  if (typeof details !== 'object' || details === null) return undefined
  const { type } = details as { readonly type?: string }
  if (type === undefined) return undefined
  const of = ((details as Readonly<Record<string, unknown>>)[type] ?? {}) as Readonly<
    Record<string, string | number | undefined>
  >
  const { brand, last4, exp_month: month, exp_year: year } = of
  return {
    type,
    brand: brand === undefined ? undefined : String(brand),
    last4: last4 === undefined ? undefined : String(last4),
    expires: month === undefined || year === undefined ? undefined : `${year}-${String(month).padStart(2, '0')}`,
  }
}
