import type { EventSubject, GatewayEvent } from '../../gateway/gateway-event.ts'
import type { GatewaySnapshot } from '../../gateway/snapshot.ts'
import {
  disputeFromStripe,
  idOf,
  methodFromStripe,
  paymentFromCharge,
  paymentFromIntent,
  payoutFromStripe,
  refundFromStripe,
} from './stripe-snapshot.ts'
import type {
  StripeCharge,
  StripeDispute,
  StripeEventLike,
  StripeIntent,
  StripeMethod,
  StripePayout,
  StripeRefund,
} from './stripe-types.ts'

/** An event of Stripe in words that all gateways share; undefined for those that tell nothing of money or methods. */
export function eventFromStripe(event: StripeEventLike): GatewayEvent | undefined {
  const about = aboutOf(event.data.object)
  if (about === undefined) return undefined
  return { id: event.id, type: event.type, occurredAt: new Date(event.created * 1000), ...about }
}

interface About {
  readonly subject: EventSubject
  readonly snapshot?: GatewaySnapshot | undefined
}

function aboutOf(object: object): About | undefined {
  switch ((object as { readonly object?: string }).object) {
    case 'payment_intent':
      return about('payment', paymentFromIntent(object as StripeIntent))
    case 'charge':
      return aboutCharge(object as StripeCharge)
    case 'refund': {
      const snapshot = refundFromStripe(object as StripeRefund)
      return { subject: { kind: 'refund', reference: snapshot.reference, payment: snapshot.payment }, snapshot }
    }
    case 'dispute': {
      const snapshot = disputeFromStripe(object as StripeDispute)
      return { subject: { kind: 'dispute', reference: snapshot.reference, payment: snapshot.payment }, snapshot }
    }
    case 'payout':
      return about('payout', payoutFromStripe(object as StripePayout))
    case 'payment_method':
      return about('method', methodFromStripe(object as StripeMethod))
    default:
      return undefined
  }
}

function aboutCharge(charge: StripeCharge): About | undefined {
  const payment = idOf(charge.payment_intent)
  if (payment === undefined) return undefined
  return { subject: { kind: 'payment', reference: payment }, snapshot: paymentFromCharge(charge) }
}

function about(kind: EventSubject['kind'], snapshot: GatewaySnapshot): About {
  return { subject: { kind, reference: snapshot.reference }, snapshot }
}
