/** The names of the columns that hold what is known of a movement; one column may serve for several things. */
export interface MovementColumns {
  /** Unique within the file or table. */
  readonly id: string
  /** The name that only this movement has at the gateway; may be empty. */
  readonly key: string
  /** Below zero it is a refund. */
  readonly amount: string
  /** The day that counts. */
  readonly date: string
  /** A name that several movements may share: an order, a payment. @default none */
  readonly group?: string | undefined
  /** Free text in which references may stand. @default none */
  readonly text?: string | undefined
  /** ISO 4217. @default `currency` */
  readonly currency?: string | undefined
}
