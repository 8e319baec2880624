import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import type { ObjectStore } from '@exprsn/core/storage'

/** How long lines are kept. Lines go a segment at a time: some stay up to a day longer. */
export interface RetentionOptions {
  /** Older lines go. @default never */
  readonly age?: Duration | undefined
  /** While the segments take more bytes, the oldest goes. @default no limit */
  readonly bytes?: number | undefined
  /** Lines that match a query go at an age of their own, exactly. @default [] */
  readonly streams?: readonly { readonly query: string; readonly age: Duration }[] | undefined
}

/** Options of `createLogStore`. */
export interface LogStoreOptions {
  /** A folder of the store's own. */
  readonly path?: string | undefined
  /**
   * An object store for the segments. Without a `path` there is no log: what `append` was given is durable after `flush`.
   * @default the folder
   */
  readonly store?: ObjectStore | undefined
  /** Before the keys of the object store. @default '' */
  readonly prefix?: string | undefined
  /** @default everything is kept */
  readonly retention?: RetentionOptions | undefined
  /** Lines wait in memory for others at most so long; other processes find them afterwards. @default '1m' */
  readonly sealAfter?: Duration | undefined
  /**
   * How often lines are taken that other processes have handed over, and how soon another process becomes the writer when the
   * one that was has died; 0 for never, unless it writes itself. @default '500ms'
   */
  readonly adoptInterval?: Duration | undefined
  /** How often retention and compaction have their turn; 0 for never. @default '1m' */
  readonly maintenanceInterval?: Duration | undefined
  /** Small segments of a day that become one. @default 8 */
  readonly compactAt?: number | undefined
  /** Bytes of the longest line. @default 64 MiB */
  readonly maxLine?: number | undefined
  /** What a query may take. @default '30s' */
  readonly queryTimeout?: Duration | undefined
  /** Groups and remembered values that a query may have. @default 1 000 000 */
  readonly maxGroups?: number | undefined
  /** Lines that a query may sort. @default 100 000 */
  readonly maxSortedLines?: number | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** Hears of damage, of maintenance that failed, and of becoming the writer. @default silent */
  readonly logger?: Logger | undefined
}

/** Options of one query. */
export interface QueryOptions {
  /** Lines at most. @default 100 */
  readonly limit?: number | undefined
  /** Which of the lines come first. @default 'newest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** Of the page before. */
  readonly cursor?: string | undefined
  /** @default the store's `queryTimeout` */
  readonly timeout?: Duration | undefined
  /** Go on without segments that are damaged, and say so in `costs.damaged`. @default false */
  readonly skipDamaged?: boolean | undefined
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined
}
