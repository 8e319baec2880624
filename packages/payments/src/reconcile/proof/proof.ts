/** One item of a proof: `[id, side, kind, currency, amount, fee]`, amounts as text in minor units. */
export type ProofItem = readonly [string, string, string, string, string, string]

/** The sums of one currency, as text in minor units. Every equation of a proof is between these. */
export interface ProofTotals {
  readonly currency: string
  /** Σ of ours. */
  readonly ours: string
  /** Σ charges − refunds − disputes of the gateways, before fees. */
  readonly gross: string
  readonly fees: string
  readonly adjustments: string
  /** What the gateways sent. */
  readonly paidOut: string
  /** What they still hold: gross − fees + adjustments − paid out. */
  readonly held: string
  /** Σ of the bank's entries. */
  readonly bank: string
  /** Σ of what is open, by side. */
  readonly openOurs: string
  readonly openGateway: string
  readonly openPayouts: string
  readonly openBank: string
  /** What matches leave over, left less right: tolerances, exchange. ours − gross = openOurs − openGateway + this. */
  readonly orderDifferences: string
  /** paidOut − bank = openPayouts − openBank + this. */
  readonly payoutDifferences: string
}

/**
 * Shows that no money was lost or made between the host's books, the gateways and the bank. Plain JSON: `checkProof` needs
 * nothing else, and anybody can write another checker.
 */
export interface ConservationProof {
  readonly version: 1
  /** SHA-256 over the inputs in canonical order. */
  readonly inputs: string
  readonly items: readonly ProofItem[]
  readonly matches: readonly {
    readonly left: readonly string[]
    readonly right: readonly string[]
    /** Left less right by currency, where it is not zero. */
    readonly differences: readonly (readonly [string, string])[]
  }[]
  /** Identifiers of the items that are open. */
  readonly open: readonly string[]
  readonly totals: readonly ProofTotals[]
}
