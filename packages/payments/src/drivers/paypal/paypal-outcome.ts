import type { LookupQuery, LookupResult } from '../../gateway/lookup.ts'
import type { OperationOutcome, PaymentOutcome } from '../../gateway/outcome.ts'
import { paymentFromOrder, paypalDecline, referenceOf } from './paypal-snapshot.ts'
import type { PaypalOrder } from './paypal-types.ts'

/** How a payment stands by its order. */
export function paymentOutcome(order: PaypalOrder): PaymentOutcome {
  const payment = paymentFromOrder(order)
  switch (payment.state) {
    case 'captured':
      return { status: 'succeeded', payment }
    case 'authorised':
      return { status: 'authorised', payment }
    case 'requires_action':
    case 'created':
      return {
        status: 'requires_action',
        payment,
        nextAction: payment.nextAction ?? { kind: 'script', clientSecret: payment.reference },
      }
    case 'pending':
      return { status: 'pending', payment }
    default:
      return { status: 'declined', payment, decline: payment.decline ?? paypalDecline(payment.state.toUpperCase()) }
  }
}

/** What an order tells of a command. */
export function lookIn(order: PaypalOrder, { operation, key }: LookupQuery): LookupResult | undefined {
  const snapshot = paymentFromOrder(order)
  const reference = referenceOf(key)
  if (operation === 'charge') return { found: true, operation, outcome: paymentOutcome(order) }
  if (operation === 'void')
    return snapshot.state === 'voided'
      ? { found: true, operation, outcome: { status: 'succeeded', result: snapshot } }
      : undefined
  const transfers = operation === 'capture' ? snapshot.captures : snapshot.refunds
  const transfer = transfers.find((each) => each.key === reference)
  if (transfer === undefined || operation === 'payout') return undefined
  return { found: true, operation, outcome: transferOutcome(transfer) }
}

/** The refund of this key's own capture, else the first with enough left, else the largest: PayPal says what is wrong with it. */
export function captureToRefund(order: PaypalOrder | undefined, reference: string, amount: bigint): string | undefined {
  const { captures, refunds } = paymentFromOrder(order ?? { id: '', status: '' })
  const own = refunds.find(({ key }) => key === reference)
  if (own?.capture !== undefined) return own.capture
  const left = captures
    .filter(({ state }) => state === 'succeeded')
    .map((capture) => {
      const given = refunds.filter((refund) => refund.capture === capture.reference && refund.state !== 'failed')
      return {
        id: capture.reference,
        left: given.reduce((rest, refund) => rest - refund.amount.amount, capture.amount.amount),
      }
    })
  return (left.find((capture) => capture.left >= amount) ?? left[0])?.id
}

/** How something that PayPal accepted went so far. */
export function transferOutcome<Snapshot extends { readonly state: string }>(
  result: Snapshot,
): OperationOutcome<Snapshot> {
  const { state } = result
  if (state === 'failed' || state === 'cancelled')
    return refused('declined', state.toUpperCase(), `It ended as ${state}.`)
  return { status: state === 'succeeded' || state === 'paid' ? 'succeeded' : 'pending', result }
}

/** A refusal that PayPal was not asked for. */
export function refused(reason: 'wrong_state' | 'declined', code: string, message: string) {
  return { status: 'refused', refusal: { reason, code, message } } as const
}
