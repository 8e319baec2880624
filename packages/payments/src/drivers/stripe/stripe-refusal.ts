import { gatewayErrors } from '../../gateway/errors.ts'
import type { PaymentOutcome } from '../../gateway/outcome.ts'
import { stripeDecline } from './stripe-decline.ts'
import type { StripeFailure } from './stripe-failure.ts'
import { paymentFromIntent } from './stripe-snapshot.ts'
import type { StripeIntent } from './stripe-types.ts'

/** A charge that Stripe or the bank said no to. */
export function declined({ error }: StripeFailure & { readonly kind: 'declined' }): PaymentOutcome {
  const intent = error.payment_intent as StripeIntent | undefined
  const payment = typeof intent === 'object' ? paymentFromIntent(intent) : undefined
  return { status: 'declined', decline: stripeDecline(error), payment }
}

/** The same of another command. */
export function declineRefusal({ error }: StripeFailure & { readonly kind: 'declined' }) {
  const { code, message } = stripeDecline(error)
  return { reason: 'declined', code, message } as const
}

/** A request that cannot be answered so, and was not done. */
export function requestRefused(
  gateway: string,
  { refusal }: StripeFailure & { readonly kind: 'refused' },
  cause: unknown,
) {
  const { code, message: reason } = refusal
  return gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED({ gateway, code, reason }, { cause })
}

/** What is thrown where only a question was asked. */
export function faultOf(gateway: string, failure: StripeFailure, cause: unknown) {
  if (failure.kind === 'fault' || failure.kind === 'unknown') return failure.error
  if (failure.kind === 'refused') return requestRefused(gateway, failure, cause)
  return gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED(
    { gateway, reason: failure.error.message ?? 'declined' },
    { cause },
  )
}
