import { ExprsnError } from '@exprsn/core'
import type { Refusal } from '../../gateway/decline.ts'
import { gatewayErrors } from '../../gateway/errors.ts'
import type { StripePaymentError } from './stripe-types.ts'

/** What the driver reads of an error of the stripe package. */
export interface StripeErrorLike extends StripePaymentError {
  readonly type?: string | undefined
  readonly rawType?: string | undefined
  readonly statusCode?: number | undefined
  readonly requestId?: string | undefined
  readonly detail?: unknown
  readonly payment_intent?: unknown
}

/** What an error of the stripe package means for the command. */
export type StripeFailure =
  /** The buyer's bank or Stripe's risk checks said no. */
  | { readonly kind: 'declined'; readonly error: StripeErrorLike }
  /** The endpoint refused the command because of the state that things are in. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** It may have been done. */
  | { readonly kind: 'unknown'; readonly error: ExprsnError }
  /** It was not done, and it is certain. */
  | { readonly kind: 'fault'; readonly error: ExprsnError }

const gateway = 'stripe'
// Connections that never stood: nothing was sent.
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'CERT_HAS_EXPIRED',
])

const refusals: Readonly<Record<string, Refusal['reason']>> = {
  amount_too_large: 'amount_too_large',
  balance_insufficient: 'insufficient_balance',
  charge_already_captured: 'already_done',
  charge_already_refunded: 'already_done',
  charge_disputed: 'wrong_state',
  charge_exceeds_source_limit: 'amount_too_large',
  charge_expired_for_capture: 'too_late',
  charge_not_refundable: 'wrong_state',
  dispute_already_closed: 'already_done',
  dispute_evidence_past_due: 'too_late',
  payment_intent_unexpected_state: 'wrong_state',
  payment_method_not_attached: 'already_done',
  payment_method_unexpected_state: 'wrong_state',
  refund_disputed_payment: 'wrong_state',
  resource_missing: 'not_found',
}

/** Sorts an error of the stripe package (docs.stripe.com/error-handling, by `type`). */
export function stripeFailure(cause: unknown, key?: string): StripeFailure {
  if (ExprsnError.is(cause)) return { kind: 'unknown', error: cause }
  const error = cause as StripeErrorLike
  const details = { gateway, code: error.code, requestId: error.requestId }
  const fault = (made: ExprsnError): StripeFailure => ({ kind: 'fault', error: made })
  switch (error.type) {
    case 'StripeCardError':
      return { kind: 'declined', error }
    case 'StripeAuthenticationError':
    case 'StripePermissionError':
      return fault(gatewayErrors.PAYMENTS_GATEWAY_CREDENTIALS_REFUSED(details, { cause }))
    case 'StripeRateLimitError':
      return fault(gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED(details, { cause }))
    case 'StripeIdempotencyError':
      return fault(gatewayErrors.PAYMENTS_GATEWAY_KEY_REUSED({ ...details, key: key ?? '' }, { cause }))
    case 'StripeInvalidRequestError':
      return requestFailure(error, cause)
    case 'StripeConnectionError':
      return connectionFailure(error, cause)
    default:
      // 5xx, 409 while another request holds the key, and what no version of the package knows.
      return { kind: 'unknown', error: unavailable(error, cause) }
  }
}

function requestFailure(error: StripeErrorLike, cause: unknown): StripeFailure {
  const { code = 'invalid_request', message = '' } = error
  const reason = refusals[code]
  if (reason !== undefined) return { kind: 'refused', refusal: { reason, code, message } }
  const details = { gateway, code, requestId: error.requestId, reason: message }
  return { kind: 'fault', error: gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED(details, { cause }) }
}

function connectionFailure(error: StripeErrorLike, cause: unknown): StripeFailure {
  const { code } = (error.detail ?? {}) as { readonly code?: string }
  if (code !== undefined && neverConnected.has(code))
    return { kind: 'fault', error: gatewayErrors.PAYMENTS_GATEWAY_UNREACHABLE({ gateway, code }, { cause }) }
  return { kind: 'unknown', error: unavailable(error, cause) }
}

function unavailable({ message, requestId, statusCode }: StripeErrorLike, cause: unknown): ExprsnError {
  const reason = statusCode === undefined ? (message ?? 'no answer') : `status ${statusCode}`
  return gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason, requestId }, { cause })
}
