import type { PaymentOutcome } from '../../gateway/outcome.ts'
import { stripeDecline } from './stripe-decline.ts'
import { nextActionOf, paymentFromIntent } from './stripe-snapshot.ts'
import type { StripeIntent } from './stripe-types.ts'

/** How a charge stands by its PaymentIntent. */
export function paymentOutcome(intent: StripeIntent): PaymentOutcome {
  const payment = paymentFromIntent(intent)
  switch (payment.state) {
    case 'captured':
      return { status: 'succeeded', payment }
    case 'authorised':
      return { status: 'authorised', payment }
    case 'pending':
      return { status: 'pending', payment }
    case 'created':
    case 'requires_action':
      return { status: 'requires_action', payment, nextAction: nextActionOf(intent) }
    case 'declined':
      return { status: 'declined', payment, decline: payment.decline ?? stripeDecline({}) }
    case 'voided':
    case 'expired':
      return {
        status: 'declined',
        payment,
        decline: stripeDecline({ code: payment.state, message: `The payment is ${payment.state}.` }),
      }
  }
}
