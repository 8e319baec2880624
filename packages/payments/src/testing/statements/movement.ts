import type { Money } from '../../money/money.ts'

/** One movement, for files of bank statements that tests write. */
export interface WrittenMovement {
  /** `YYYY-MM-DD`. */
  readonly bookedOn: string
  /** @default `bookedOn` */
  readonly valueOn?: string | undefined
  /** Signed. */
  readonly amount: Money
  readonly reversal?: boolean | undefined
  /** At most 16 characters, for MT940. */
  readonly bankReference: string
  /** An end-to-end identifier; at most 16 characters, for MT940. */
  readonly reference?: string | undefined
  readonly text: string
  readonly counterparty?: string | undefined
}

/** A statement, for files that tests write. */
export interface WrittenStatement {
  /** At most 16 characters, for MT940. */
  readonly id: string
  readonly account: string
  readonly opening: Money
  readonly movements: readonly WrittenMovement[]
}

/** What lies in the account afterwards. */
export function closingOf({ opening, movements }: WrittenStatement): Money {
  return movements.reduce((sum, { amount }) => ({ ...sum, amount: sum.amount + amount.amount }), opening)
}
