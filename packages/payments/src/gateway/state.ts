/** Where a payment stands. `declined` may still become `captured`: the buyer tries again. */
export type PaymentState =
  | 'created'
  | 'declined'
  | 'requires_action'
  | 'pending'
  | 'authorised'
  | 'captured'
  | 'voided'
  | 'expired'

/** Where a capture or a refund stands. */
export type TransferState = 'pending' | 'succeeded' | 'failed'

/** Where a payout stands. */
export type PayoutState = 'pending' | 'in_transit' | 'paid' | 'failed' | 'cancelled'

/** Where a dispute stands. `inquiry` takes no money yet; `closed` is the end of an inquiry. */
export type DisputeState = 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'accepted' | 'closed'

/** How far the quarrel has gone. Each stage may ask for evidence again; none comes before another that was reached. */
export type DisputeStage = 'inquiry' | 'chargeback' | 'pre_arbitration' | 'arbitration'

const ranks = {
  payment: {
    created: 0,
    declined: 1,
    requires_action: 1,
    pending: 2,
    authorised: 3,
    captured: 4,
    // An authorisation that was taken in part and then given up is `captured`.
    voided: 5,
    expired: 5,
  },
  capture: { pending: 0, succeeded: 1, failed: 2 },
  refund: { pending: 0, succeeded: 1, failed: 2 },
  payout: { pending: 0, in_transit: 1, paid: 2, failed: 3, cancelled: 3 },
  dispute: { inquiry: 0, needs_response: 1, under_review: 2, accepted: 3, closed: 3, lost: 4, won: 5 },
  method: { saved: 0, removed: 1 },
} as const satisfies Record<string, Readonly<Record<string, number>>>

/** Every kind that has states. */
export type StatefulKind = keyof typeof ranks

/**
 * How far a state lies along the way of its kind. Of two reports the one with the higher rank holds, whichever came first:
 * gateways deliver out of order, and the times in their events do not order them either. States of one rank (`declined` and
 * `requires_action`, where buyers go to and fro) are told apart by asking the gateway.
 *
 * A paid payout may still come back (`failed`), a succeeded refund may fail at the receiving bank, and a lost dispute may be
 * won in a later round; never the other way round.
 *
 * @example
 * ```ts
 * import { stateRank } from '@exprsn/payments/gateway'
 *
 * console.log(stateRank('payment', 'captured') > stateRank('payment', 'authorised')) // true
 * ```
 */
export function stateRank(kind: StatefulKind, state: string): number {
  return (ranks[kind] as Readonly<Record<string, number>>)[state] ?? -1
}
