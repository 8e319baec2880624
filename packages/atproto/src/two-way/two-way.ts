import type { Duration } from '@exprsn/core'
import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { Publisher, PutOptions, PutResult } from '../publish/index.ts'
import type { Sync } from '../sync/index.ts'

/** An item and its record that were both changed, and of which nobody has said which is right. */
export interface TwoWayConflict {
  readonly mapping: string
  readonly id: string
  /** What happened to the record. */
  readonly kind: 'edit' | 'delete'
  /** The record. */
  readonly uri: string
  /** Its content in the form of JSON; undefined after a deletion. */
  readonly remote: unknown
  /** On what both sides last agreed, in the form of JSON; undefined when they never did. */
  readonly base: unknown
  /** Whether the host has deleted its item. */
  readonly isLocalDeleted: boolean
  /** Whether it is one of several records of a thread: then `remote` leaves the item as it is. */
  readonly isPart: boolean
  readonly since: Date
}

/** How a conflict is ended: by one of the sides, or with an item that both are to have. */
export type TwoWayDecision<Item> = 'local' | 'remote' | { readonly item: Item }

/** What is known of an item. */
export interface TwoWayItem {
  readonly mapping: string
  readonly id: string
  /** Which side had it first. */
  readonly origin: 'local' | 'remote'
  /** The CID on which both sides last agreed. */
  readonly agreedCid: string | undefined
  /** Which side has deleted it. */
  readonly deleted: 'local' | 'remote' | undefined
  readonly hasConflict: boolean
}

/** Keeps items of the host and records of an account equal. Made by `createTwoWay`. */
export interface TwoWay<Items> extends AsyncDisposable {
  /** The tables it needs, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /** Sends what the host has changed. Its mappings have the same names; items are put through the two-way sync alone. */
  readonly publisher: Pick<Publisher<Items>, 'get' | 'list' | 'counts' | 'retry' | 'resume'>
  /** Brings what others have changed. */
  readonly sync: Pick<Sync, 'status' | 'counts' | 'parked' | 'retry' | 'reconcile'>
  /**
   * Says that the host has made or changed an item. An item that says what is known is left alone: a host may call it for every
   * change that it sees, also for those that came from here. `held` items have a conflict to be decided first.
   *
   * @throws `ATPROTO_PUBLISH_ITEM_INVALID`, `ATPROTO_PUBLISH_MAPPING_UNKNOWN`
   */
  put<Name extends keyof Items & string>(
    mapping: Name,
    item: Items[Name],
    options?: PutOptions,
  ): Promise<PutResult | 'held'>
  /** Says that the host has deleted an item. */
  remove(
    mapping: keyof Items & string,
    id: string,
    options?: Pick<PutOptions, 'tx'>,
  ): Promise<'queued' | 'unchanged' | 'held'>
  /** Puts all items of the host that are not known yet, or have changed: for the beginning. @returns how many were queued */
  backfill<Name extends keyof Items & string>(
    mapping: Name,
    items: AsyncIterable<Items[Name]> | Iterable<Items[Name]>,
    options?: {
      /** Ends it after the item it is at. */
      readonly signal?: AbortSignal | undefined
      /** Told after each item. */
      readonly onProgress?: ((progress: { readonly done: number; readonly queued: number }) => void) | undefined
    },
  ): Promise<number>
  get(mapping: keyof Items & string, id: string): Promise<TwoWayItem | undefined>
  /** Conflicts in the order of mapping and id; for the next page pass the last one as `after`. */
  conflicts(filter?: {
    readonly after?: { readonly mapping: string; readonly id: string } | undefined
    /** @default 100 */
    readonly limit?: number | undefined
  }): Promise<readonly TwoWayConflict[]>
  /** How many conflicts wait for a decision. */
  countConflicts(): Promise<number>
  /**
   * Ends a conflict.
   *
   * @throws `ATPROTO_TWO_WAY_NO_CONFLICT`, `ATPROTO_TWO_WAY_DECISION_INVALID`
   */
  decide<Name extends keyof Items & string>(
    mapping: Name,
    id: string,
    decision: TwoWayDecision<Items[Name]>,
    options?: { readonly tx?: Queryable | undefined },
  ): Promise<void>
  /** Forgets items that were deleted longer ago than `keepTombstones`. `runOnce` does it, too. @returns how many */
  prune(): Promise<number>
  /** Begins to work in both directions. */
  start(): void
  /** Brings what is new and sends what is due, then returns: for hosts that have no long-lived process. */
  runOnce(options?: {
    /** How long the stream must be quiet. @default '1s' */
    readonly quiet?: Duration | undefined
    /** Ends the run whether everything is done or not. @default none */
    readonly deadline?: Duration | undefined
    /** Ends the run. */
    readonly signal?: AbortSignal | undefined
  }): Promise<void>
  /** Takes up nothing new, and waits for what is on its way. Database and source stay open. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}
