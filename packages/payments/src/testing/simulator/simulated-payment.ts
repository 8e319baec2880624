/** What truly happened to a payment at a simulated gateway, whatever its client was told. Minor units. */
export interface SimulatedPayment {
  readonly reference: string
  /** The key that the client's driver left with it. */
  readonly key: string | undefined
  readonly order: string | undefined
  /** ISO 4217. */
  readonly currency: string
  readonly amount: bigint
  readonly captured: bigint
  readonly refunded: bigint
  /** The gateway's own word. */
  readonly state: string
}
