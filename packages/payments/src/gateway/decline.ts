/** Why a payment was declined, in words that every gateway shares. */
export type DeclineReason =
  | 'insufficient_funds'
  | 'card_declined'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'incorrect_details'
  | 'lost_or_stolen'
  | 'fraud_suspected'
  | 'limit_exceeded'
  | 'not_supported'
  | 'authentication_failed'
  | 'method_expired'
  | 'duplicate'
  | 'processing_error'

/** A refusal by the buyer's bank or the gateway's risk checks. */
export interface Decline {
  readonly reason: DeclineReason
  /** The gateway's own code. */
  readonly code: string
  /** The gateway's words. For the host, not for the buyer. */
  readonly message: string
  /**
   * What may help: `later` with the same method, `other_method` never with this one, `buyer` after the buyer corrects or
   * confirms something.
   */
  readonly advice: 'later' | 'other_method' | 'buyer'
}

/** Why the gateway does not do what a command asks of an existing payment. */
export interface Refusal {
  readonly reason:
    | 'already_done'
    | 'not_found'
    | 'wrong_state'
    | 'amount_too_large'
    | 'insufficient_balance'
    | 'too_late'
    | 'not_settled'
    | 'not_supported'
    | 'declined'
  /** The gateway's own code. */
  readonly code: string
  readonly message: string
}
