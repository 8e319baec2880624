import type { Decline, DeclineReason } from '../../gateway/decline.ts'
import type { StripePaymentError } from './stripe-types.ts'

// docs.stripe.com/declines/codes and docs.stripe.com/error-codes, by decline code first, then by error code.
const reasons: Readonly<Record<string, readonly [DeclineReason, Decline['advice']]>> = {
  authentication_required: ['authentication_failed', 'buyer'],
  card_not_supported: ['not_supported', 'other_method'],
  card_velocity_exceeded: ['limit_exceeded', 'later'],
  currency_not_supported: ['not_supported', 'other_method'],
  duplicate_transaction: ['duplicate', 'buyer'],
  expired_card: ['expired_card', 'other_method'],
  fraudulent: ['fraud_suspected', 'other_method'],
  incorrect_cvc: ['incorrect_cvc', 'buyer'],
  incorrect_number: ['incorrect_details', 'buyer'],
  incorrect_zip: ['incorrect_details', 'buyer'],
  insufficient_funds: ['insufficient_funds', 'later'],
  invalid_account: ['incorrect_details', 'other_method'],
  invalid_cvc: ['incorrect_cvc', 'buyer'],
  invalid_expiry_month: ['incorrect_details', 'buyer'],
  invalid_expiry_year: ['incorrect_details', 'buyer'],
  issuer_not_available: ['processing_error', 'later'],
  lost_card: ['lost_or_stolen', 'other_method'],
  merchant_blacklist: ['fraud_suspected', 'other_method'],
  payment_intent_authentication_failure: ['authentication_failed', 'buyer'],
  pickup_card: ['lost_or_stolen', 'other_method'],
  processing_error: ['processing_error', 'later'],
  reenter_transaction: ['processing_error', 'later'],
  restricted_card: ['lost_or_stolen', 'other_method'],
  stolen_card: ['lost_or_stolen', 'other_method'],
  transaction_not_allowed: ['not_supported', 'other_method'],
  try_again_later: ['processing_error', 'later'],
  withdrawal_count_limit_exceeded: ['limit_exceeded', 'later'],
}

/** A decline of Stripe in words that all gateways share. */
export function stripeDecline({ code, decline_code: declineCode, message }: StripePaymentError): Decline {
  const known = reasons[declineCode ?? ''] ?? reasons[code ?? '']
  const [reason, advice] = known ?? (['card_declined', 'other_method'] as const)
  return { reason, advice, code: declineCode ?? code ?? 'unknown', message: message ?? 'The payment was declined.' }
}
