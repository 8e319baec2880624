import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Database, MigrationNaming } from '@exprsn/core/database'

/** Options of whatever sends items from the host's database. */
export interface SendingOptions extends MigrationNaming {
  /** Where the tables of the host are, and those of what sends; it stays open. */
  readonly database: Database
  /** Items that are sent at the same time. @default 4 */
  readonly concurrency?: number | undefined
  /** How often an item is tried on faults before it is parked. @default 30 */
  readonly attempts?: number | undefined
  /** For how long an item stays with a process that gives no sign of life. @default '30s' */
  readonly lease?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}
