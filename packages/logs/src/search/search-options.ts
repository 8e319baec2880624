import type { Duration } from '@exprsn/core'
import type { ServiceOptions } from '../sink/service-client.ts'

/** What all searches in other engines take. Their `clock` also tells what `_time:5m` means. */
export interface SearchConnectionOptions extends ServiceOptions {
  /** For one query. @default '30s' */
  readonly timeout?: Duration | undefined
  /** Groups that a query may have. @default 100 000 */
  readonly maxGroups?: number | undefined
  /** Lines that a query may sort by their fields: they are fetched for that. @default 4 999 */
  readonly maxSortedLines?: number | undefined
}
