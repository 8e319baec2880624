import type { OperationOutcome, PaymentOutcome } from '../../gateway/outcome.ts'
import type { RefundSnapshot } from '../../gateway/snapshot.ts'
import { transactionDecline, transactionRefusal } from './authorize-net-snapshot.ts'
import { many, type TransactionResponse } from './authorize-net-types.ts'

/** The first error of a transaction. */
export function errorCodeOf(response: TransactionResponse | undefined): string | undefined {
  return many(response?.errors)[0]?.errorCode
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
