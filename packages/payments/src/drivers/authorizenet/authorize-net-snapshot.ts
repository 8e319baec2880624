import type { Decline, DeclineReason, Refusal } from '../../gateway/decline.ts'
import type { PaymentOutcome } from '../../gateway/outcome.ts'
import type { MethodSummary } from '../../gateway/payment-method.ts'
import type { CaptureSnapshot, PaymentSnapshot, RefundSnapshot } from '../../gateway/snapshot.ts'
import type { PaymentState, TransferState } from '../../gateway/state.ts'
import { fromNumber } from './authorize-net-amount.ts'
import type { TransactionDetails } from './authorize-net-types.ts'

const states: Readonly<Record<string, PaymentState>> = {
  authorizedPendingCapture: 'authorised',
  capturedPendingSettlement: 'captured',
  settledSuccessfully: 'captured',
  returnedItem: 'captured',
  chargeback: 'captured',
  chargebackReversal: 'captured',
  couldNotVoid: 'captured',
  approvedReview: 'pending',
  underReview: 'pending',
  FDSPendingReview: 'pending',
  FDSAuthorizedPendingReview: 'pending',
  voided: 'voided',
  expired: 'expired',
  declined: 'declined',
  generalError: 'declined',
  failedReview: 'declined',
  communicationError: 'declined',
  settlementError: 'declined',
}

const refundStates: Readonly<Record<string, TransferState>> = {
  refundPendingSettlement: 'pending',
  refundSettledSuccessfully: 'succeeded',
  voided: 'failed',
  declined: 'failed',
  generalError: 'failed',
  settlementError: 'failed',
}

/**
 * A payment from its transaction. The service does not say with a payment what was given back of it: `refunded` is 0, and
 * refunds are transactions of their own.
 */
export function paymentFromDetails(details: TransactionDetails, currency: string): PaymentSnapshot {
  const state = states[details.transactionStatus] ?? 'pending'
  const amount = fromNumber(details.authAmount, currency)
  const captured = state === 'captured' ? fromNumber(details.settleAmount, currency) : { amount: 0n, currency }
  const { cardNumber, cardType } = details.payment?.creditCard ?? {}
  return {
    kind: 'payment',
    reference: details.transId,
    order: details.order?.description,
    state,
    amount,
    authorised: state === 'authorised' || state === 'captured' ? amount : { amount: 0n, currency },
    captured,
    refunded: { amount: 0n, currency },
    captures: state === 'captured' ? [captureFromDetails(details, currency)] : [],
    refunds: [],
    method: cardMethod(cardType, cardNumber),
    decline: state === 'declined' ? transactionDecline('2', details.transactionStatus) : undefined,
  }
}

/** A card by its brand and what is told of its number: `XXXX1111`. */
export function cardMethod(brand: string | undefined, number: string | undefined): MethodSummary {
  return { type: 'card', brand: brand?.toLowerCase(), last4: number?.slice(-4) }
}

/** A capture has the number of its payment. */
export function captureFromDetails({ transId, settleAmount }: TransactionDetails, currency: string): CaptureSnapshot {
  const amount = fromNumber(settleAmount, currency)
  return { kind: 'capture', reference: transId, payment: transId, state: 'succeeded', amount }
}

export function refundFromDetails(details: TransactionDetails, currency: string): RefundSnapshot {
  const amount = fromNumber(details.settleAmount ?? details.authAmount, currency)
  const { transId: reference, refTransId: payment } = details
  return {
    kind: 'refund',
    reference,
    payment,
    capture: payment,
    state: refundStates[details.transactionStatus] ?? 'pending',
    amount,
  }
}

/** How a payment stands. */
export function paymentOutcome(payment: PaymentSnapshot): PaymentOutcome {
  switch (payment.state) {
    case 'captured':
      return { status: 'succeeded', payment }
    case 'authorised':
      return { status: 'authorised', payment }
    case 'pending':
    case 'created':
    case 'requires_action':
      return { status: 'pending', payment }
    default:
      return {
        status: 'declined',
        payment,
        decline: payment.decline ?? transactionDecline('2', `It is ${payment.state}.`),
      }
  }
}

// developer.authorize.net/api/reference/responseCodes
const declines: Readonly<Record<string, readonly [DeclineReason, Decline['advice']]>> = {
  4: ['lost_or_stolen', 'other_method'],
  6: ['incorrect_details', 'buyer'],
  8: ['expired_card', 'other_method'],
  11: ['duplicate', 'buyer'],
  17: ['not_supported', 'other_method'],
  19: ['processing_error', 'later'],
  27: ['incorrect_details', 'buyer'],
  41: ['fraud_suspected', 'other_method'],
  44: ['incorrect_cvc', 'buyer'],
  45: ['incorrect_cvc', 'buyer'],
  65: ['incorrect_cvc', 'buyer'],
  250: ['fraud_suspected', 'other_method'],
  251: ['fraud_suspected', 'other_method'],
  315: ['incorrect_details', 'buyer'],
  316: ['incorrect_details', 'buyer'],
  317: ['expired_card', 'other_method'],
}

/** A decline by its reason code. */
export function transactionDecline(code: string, message: string): Decline {
  const [reason, advice] = declines[code] ?? (['card_declined', 'other_method'] as const)
  return { reason, advice, code, message }
}

const refusals: Readonly<Record<string, Refusal['reason']>> = {
  16: 'not_found',
  33: 'wrong_state',
  47: 'amount_too_large',
  54: 'not_settled',
  55: 'amount_too_large',
  310: 'already_done',
  311: 'already_done',
  E00040: 'not_found',
}

/** A refusal by its reason code. */
export function transactionRefusal(code: string, message: string): Refusal {
  return { reason: refusals[code] ?? 'declined', code, message }
}
