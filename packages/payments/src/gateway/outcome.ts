import type { ExprsnError } from '@exprsn/core'
import type { Decline, Refusal } from './decline.ts'
import type { NextAction } from './next-action.ts'
import type { PaymentSnapshot } from './snapshot.ts'

/**
 * How a charge went. All of these are values; what throws is a fault of which it is certain that the gateway did nothing.
 */
export type PaymentOutcome =
  /** The money is taken. */
  | { readonly status: 'succeeded'; readonly payment: PaymentSnapshot }
  /** The money is reserved. */
  | { readonly status: 'authorised'; readonly payment: PaymentSnapshot }
  /** The buyer has to do something first. */
  | { readonly status: 'requires_action'; readonly payment: PaymentSnapshot; readonly nextAction: NextAction }
  /** The gateway does not know yet: bank debits, reviews. An event tells. */
  | { readonly status: 'pending'; readonly payment: PaymentSnapshot }
  | { readonly status: 'declined'; readonly decline: Decline; readonly payment?: PaymentSnapshot | undefined }
  | UnknownOutcome

/** How a command on something that exists went. */
export type OperationOutcome<Snapshot> =
  | { readonly status: 'succeeded'; readonly result: Snapshot; readonly payment?: PaymentSnapshot | undefined }
  /** Accepted; an event tells how it ends. */
  | { readonly status: 'pending'; readonly result: Snapshot; readonly payment?: PaymentSnapshot | undefined }
  /** Not done, and the same command will not be done later. */
  | { readonly status: 'refused'; readonly refusal: Refusal }
  | UnknownOutcome

/**
 * The command left and no answer came: it may have been done. Never send another command instead; ask with `lookup`, or
 * repeat this one with the same key where the gateway keeps keys.
 */
export interface UnknownOutcome {
  readonly status: 'unknown'
  readonly error: ExprsnError
}
