/** What everybody must agree on: pairs by name, and what is left. Amounts are cents, as text. */
export interface ExactPart {
  readonly pairs: number
  readonly paired: string
  readonly ours: number
  readonly oursSum: string
  readonly gateway: number
  readonly gatewaySum: string
}

/** What a subject prints when it is done. */
export interface Printed extends ExactPart {
  /** Milliseconds, of the work alone. */
  readonly wall: number
}
