import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Database, MigrationNaming, Queryable } from '@exprsn/core/database'
import type { CreatePublisherOptions, Mapping, PublishAccount } from '../publish/index.ts'
import type { SyncOptions, SyncSource } from '../sync/index.ts'

/** Given to every call of {@link LocalItems}. */
export interface LocalCall {
  /** The transaction: everything that is read or written belongs into it. */
  readonly tx: Queryable
  /** The account that the change came from. */
  readonly did: string
}

/** Where the host keeps its items. What a call throws is tried again, and leaves the account aside after some attempts. */
export interface LocalItems<Item> {
  /** The item as it stands; on PostgreSQL read it `for update`, so that nobody changes it meanwhile. */
  read(id: string, call: LocalCall): Promise<Item | undefined> | Item | undefined
  /** Stores an item that came from the repository: a new one, or a new version. */
  save(item: Item, call: LocalCall): Promise<void> | void
  /** Deletes an item whose record was deleted. */
  remove(id: string, call: LocalCall): Promise<void> | void
}

/** Both directions of one kind of item. */
export interface TwoWayMapping<Item> {
  /** From items to records, and, with `fromRecord`, back. */
  readonly mapping: Mapping<Item>
  readonly local: LocalItems<Item>
}

/** Options of `createTwoWay`. */
export interface TwoWayOptions<Items> extends MigrationNaming {
  /** Where the host's tables are, and those of the publisher and both syncs. */
  readonly database: Database
  /** The account whose repository is the other side. */
  readonly account: PublishAccount
  /** Where that repository's changes come from: the event stream of the account's host, say. */
  readonly source: SyncSource
  /** The kinds of items, by name. */
  readonly mappings: { readonly [Name in keyof Items]: TwoWayMapping<Items[Name]> }
  /** For how long it is remembered that an item was deleted. @default '30d' */
  readonly keepTombstones?: Duration | undefined
  /** For the publisher: `budget`, `lexicons`, `concurrency`, … @default its defaults */
  readonly publish?:
    | Pick<
        CreatePublisherOptions<Items>,
        | 'resolveMention'
        | 'images'
        | 'videos'
        | 'cards'
        | 'budget'
        | 'lexicons'
        | 'maxAge'
        | 'newItemsPerHour'
        | 'concurrency'
        | 'attempts'
        | 'lease'
      >
    | undefined
  /** For the sync: `resolveSigningKey`, `proof`, `refuse`, `batch`, … @default its defaults */
  readonly sync?:
    | Omit<SyncOptions, 'database' | 'source' | 'apply' | 'accepts' | 'collections' | 'prefix' | 'schema'>
    | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}
