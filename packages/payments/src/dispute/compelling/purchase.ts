import { createCardGuard } from '../../gateway/card-guard.ts'
import type { EvidencePurchase } from '../../gateway/dispute-evidence.ts'
import { disputeErrors } from '../errors.ts'

/** What is remembered of a purchase, so that a later one by the same card can be compared with it. */
export interface Purchase extends EvidencePurchase {
  /** Our identifier of the payment. */
  readonly payment: string
  readonly at: Date
  /** What names the card without being its number: the gateway's fingerprint, or the saved method. */
  readonly credential: string
  /** @default 'merchandise' */
  readonly kind?: 'merchandise' | 'services' | undefined
}

const guard = createCardGuard()
const longest = 500

/** @throws `PAYMENTS_DISPUTE_PURCHASE_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED` */
export function validPurchase(purchase: Purchase): Purchase {
  const refuse = (field: string, reason: string) => disputeErrors.PAYMENTS_DISPUTE_PURCHASE_INVALID({ field, reason })
  for (const field of ['payment', 'charge', 'credential'] as const)
    if (typeof purchase[field] !== 'string' || purchase[field] === '') throw refuse(field, 'is empty')
  if (!(purchase.at instanceof Date) || Number.isNaN(purchase.at.getTime())) throw refuse('at', 'is no time')
  for (const [field, value] of Object.entries(purchase))
    if (typeof value === 'string' && value.length > longest) throw refuse(field, `has more than ${longest} characters`)
  guard.check(purchase)
  return purchase
}
