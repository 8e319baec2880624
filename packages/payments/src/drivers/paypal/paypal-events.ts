import type { GatewayEvent } from '../../gateway/gateway-event.ts'
import {
  captureFromPaypal,
  disputeFromPaypal,
  paymentFromOrder,
  payoutFromPaypal,
  refundFromPaypal,
} from './paypal-snapshot.ts'
import type {
  PaypalAuthorization,
  PaypalCapture,
  PaypalDispute,
  PaypalEventLike,
  PaypalOrder,
  PaypalPayoutBatch,
  PaypalRefund,
} from './paypal-types.ts'

/** An event of PayPal in words that all gateways share; undefined for those that tell nothing of money. */
export function eventFromPaypal(event: PaypalEventLike): GatewayEvent | undefined {
  const about = aboutOf(event)
  if (about === undefined) return undefined
  return { id: event.id, type: event.event_type, occurredAt: new Date(event.create_time), ...about }
}

function aboutOf({
  event_type: type,
  resource,
}: PaypalEventLike): Pick<GatewayEvent, 'subject' | 'snapshot'> | undefined {
  if (typeof resource !== 'object' || resource === null) return undefined
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const snapshot = paymentFromOrder(resource as PaypalOrder)
    return { subject: { kind: 'payment', reference: snapshot.reference }, snapshot }
  }
  if (type === 'PAYMENT.CAPTURE.REFUNDED' || type.startsWith('PAYMENT.REFUND.')) {
    const snapshot = refundFromPaypal(resource as PaypalRefund)
    return { subject: { kind: 'refund', reference: snapshot.reference }, snapshot }
  }
  if (type.startsWith('PAYMENT.CAPTURE.')) return aboutCapture(resource as PaypalCapture)
  if (type.startsWith('PAYMENT.AUTHORIZATION.')) {
    const payment = (resource as PaypalAuthorization).supplementary_data?.related_ids?.order_id
    return payment === undefined ? undefined : { subject: { kind: 'payment', reference: payment } }
  }
  if (type.startsWith('CUSTOMER.DISPUTE.')) {
    const snapshot = disputeFromPaypal(resource as PaypalDispute)
    return { subject: { kind: 'dispute', reference: snapshot.reference }, snapshot }
  }
  if (type.startsWith('PAYMENT.PAYOUTSBATCH.')) {
    const snapshot = payoutFromPaypal(resource as PaypalPayoutBatch)
    return { subject: { kind: 'payout', reference: snapshot.reference }, snapshot }
  }
  return undefined
}

function aboutCapture(capture: PaypalCapture): Pick<GatewayEvent, 'subject' | 'snapshot'> {
  const payment = capture.supplementary_data?.related_ids?.order_id
  const subject = { kind: 'capture', reference: capture.id, payment } as const
  return payment === undefined ? { subject } : { subject, snapshot: captureFromPaypal(capture, payment) }
}
