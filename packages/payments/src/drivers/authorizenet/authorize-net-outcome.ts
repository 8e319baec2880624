import type { ChargeCommand } from '../../gateway/command.ts'
import type { OperationOutcome, PaymentOutcome } from '../../gateway/outcome.ts'
import type { PaymentSnapshot, RefundSnapshot } from '../../gateway/snapshot.ts'
import { cardMethod, transactionDecline, transactionRefusal } from './authorize-net-snapshot.ts'
import { many, type TransactionResponse } from './authorize-net-types.ts'

/** The first error of a transaction. */
export function errorCodeOf(response: TransactionResponse | undefined): string | undefined {
  return many(response?.errors)[0]?.errorCode
}

/**
 * A charge that was approved in full, from its response alone. Undefined where the response does not say how the payment
 * stands: held for review, approved in part (`prePaidCard`, `splitTenderPayments`), or without a number, as in test mode.
 */
export function approvedPayment(
  { amount, capture, order }: ChargeCommand,
  { responseCode, transId = '0', accountNumber, accountType, prePaidCard, splitTenderPayments }: TransactionResponse,
): PaymentSnapshot | undefined {
  if (responseCode !== '1' || transId === '0' || accountNumber === undefined) return undefined
  if (prePaidCard !== undefined || splitTenderPayments !== undefined) return undefined
  const nothing = { amount: 0n, currency: amount.currency }
  const taken = (capture ?? 'now') === 'now'
  return {
    kind: 'payment',
    reference: transId,
    order,
    state: taken ? 'captured' : 'authorised',
    amount,
    authorised: amount,
    captured: taken ? amount : nothing,
    refunded: nothing,
    captures: taken ? [{ kind: 'capture', reference: transId, payment: transId, state: 'succeeded', amount }] : [],
    refunds: [],
    method: cardMethod(accountType, accountNumber),
    decline: undefined,
  }
}

/** Why a transaction was declined. */
export function declinedOutcome(response: TransactionResponse): PaymentOutcome {
  const { errorCode = response.responseCode, errorText = 'The transaction was declined.' } =
    many(response.errors)[0] ?? {}
  return { status: 'declined', decline: transactionDecline(errorCode, errorText) }
}

/** How a refund stands. */
export function refundOutcome(result: RefundSnapshot): OperationOutcome<RefundSnapshot> {
  if (result.state === 'failed') return refused('declined', 'The refund was voided or failed.')
  return { status: result.state === 'succeeded' ? 'succeeded' : 'pending', result }
}

/** What the service refuses to do. */
export function refused(code: string, message: string) {
  return { status: 'refused', refusal: transactionRefusal(code, message) } as const
}
