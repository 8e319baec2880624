import type { Duration } from '@exprsn/core'
import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { DrainReport } from '@exprsn/core/jobs'
import type { ItemState } from './item-rows.ts'

/** An item as the publisher knows it. */
export interface PublishedItem {
  readonly mapping: string
  readonly id: string
  readonly state: ItemState
  /** Why it is parked, or what it waits for. */
  readonly reason: string | undefined
  /** Its records, in the order of the thread: those that are there, or under way. */
  readonly records: readonly { readonly uri: string; readonly cid: string | undefined }[]
}

/** Options of {@link Publisher.put}. */
export interface PutOptions {
  /** The host's own transaction: the item is published when, and only when, it commits. @default one of its own */
  readonly tx?: Queryable | undefined
  /** Not before this moment. @default now */
  readonly publishAt?: Date | undefined
}

/** What {@link Publisher.put} did: `hidden` for items that are not visible and never were. */
export type PutResult = 'queued' | 'unchanged' | 'hidden'

/** Publishes the host's items. */
export interface Publisher<Items> extends AsyncDisposable {
  /** The tables it needs, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /**
   * Publishes an item, or its new version. Resolves when that is stored: it is sent by `start()` or `drain()`.
   *
   * @throws `ATPROTO_PUBLISH_ITEM_INVALID` when its lexicon does not allow what the mapping makes of it
   * @throws `ATPROTO_PUBLISH_MAPPING_UNKNOWN`
   */
  put<Name extends keyof Items & string>(mapping: Name, item: Items[Name], options?: PutOptions): Promise<PutResult>
  /** Takes back what was published of an item. */
  remove(mapping: keyof Items & string, id: string, options?: Pick<PutOptions, 'tx'>): Promise<'queued' | 'unchanged'>
  /** Tries a parked item again. */
  retry(mapping: keyof Items & string, id: string): Promise<'queued' | 'unchanged'>
  /**
   * Tries everything at once that waits: after a new login, say. What waits for something else goes on waiting for it.
   *
   * @returns how many items are tried
   */
  resume(): Promise<number>
  get(mapping: keyof Items & string, id: string): Promise<PublishedItem | undefined>
  /** Items in the order of mapping and id; for the next page pass the last one as `after`. */
  list(filter?: {
    readonly state?: ItemState | undefined
    readonly after?: { readonly mapping: string; readonly id: string } | undefined
    /** @default 100 */
    readonly limit?: number | undefined
  }): Promise<readonly PublishedItem[]>
  /** How many items there are of each state. */
  counts(): Promise<Readonly<Record<ItemState, number>>>
  /** Begins to send. */
  start(): void
  /** Sends everything that is due, then returns: for hosts that have no long-lived process. */
  drain(options?: {
    readonly deadline?: Duration | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<DrainReport>
  /** Takes up nothing new, and waits for what is on its way. The database stays open. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}
