import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Database, MigrationNaming, Transaction } from '@exprsn/core/database'
import type { Metrics } from '@exprsn/core/metrics'
import type { BackoffOptions } from '@exprsn/core/resilience'
import type { DataObject } from '../codec/index.ts'
import type { ResolveSigningKey } from './key-cache.ts'
import type { SyncEvent } from './sync-event.ts'
import type { SyncSource } from './sync-source.ts'

/**
 * Applies an event to the host's tables, through `tx` alone: what it does stands or falls with the note that it was done. What
 * it throws makes the sync try again, and leave the repository aside after some attempts; other repositories go on.
 */
export type SyncHandler = (
  event: SyncEvent,
  tx: Transaction,
  options: {
    /** Aborted when the handler took too long, or the sync is closed. */
    readonly signal: AbortSignal
  },
) => Promise<void> | void

/** Options of `createSync`. */
export interface SyncOptions extends MigrationNaming {
  /** Where the host's tables are, and those of `syncMigrations`. */
  readonly database: Database
  /** Where messages come from. */
  readonly source: SyncSource
  /** The host's own work for each change, in the transaction that moves the cursor. */
  readonly apply: SyncHandler
  /** The key of an account's repository. @default from its identity document, through `createIdentityResolver` */
  readonly resolveSigningKey?: ResolveSigningKey | undefined
  /** Names of collections; one that ends with `.*` stands for all below it. @default every collection */
  readonly collections?: readonly string[] | undefined
  /** Which accounts are followed. @default every account */
  readonly accepts?: ((did: string) => boolean) | undefined
  /**
   * Gives the reason why a record must not reach the handler, or undefined. To the handler it is as if the record were not
   * there. Validate with lexicons here. @default guardRecords()
   */
  readonly refuse?: ((value: DataObject, path: string, did: string) => string | undefined) | undefined
  /** `legacy` for hosts that do not send the proofs of Sync 1.1. @default 'inductive' */
  readonly proof?: 'inductive' | 'legacy' | undefined
  /**
   * Whether a sync without a cursor begins with every repository of the host. Without it a repository is fetched when it
   * changes for the first time. @default true
   */
  readonly backfill?: boolean | undefined
  /** Compares the list of repositories with what is known, this often. @default never */
  readonly reconcileEvery?: Duration | undefined
  /** Transactions at once, each with other repositories. @default 1 on SQLite, 4 on PostgreSQL */
  readonly concurrency?: number | undefined
  /** Most messages of one transaction. @default 100 */
  readonly batch?: number | undefined
  /** How often an event is tried before its repository is left aside. @default 5 */
  readonly attempts?: number | undefined
  /** Waits between those attempts, and between fetches of what was left aside. @default from 100 ms on */
  readonly backoff?: BackoffOptions | undefined
  /** Longest wait before a repository that was left aside is fetched again. @default '1h' */
  readonly maxRetryInterval?: Duration | undefined
  /** Time for one call of the handler. @default '30s' */
  readonly applyTimeout?: Duration | undefined
  /** Most messages that wait to be applied. @default 5000 */
  readonly maxPending?: number | undefined
  /** Most bytes that wait to be applied. @default 32 MiB */
  readonly maxPendingBytes?: number | undefined
  /** Most messages of one repository that wait while it is tried again or fetched. @default 500 */
  readonly maxPendingPerRepo?: number | undefined
  /** Repositories that are fetched at once; each is in memory as a whole. @default 2 */
  readonly fetches?: number | undefined
  /** For how long a process that fetches a repository keeps others from it. @default '30s' */
  readonly fetchLease?: Duration | undefined
  /** How far ahead of the clock a revision may be. @default '5m' */
  readonly maxClockSkew?: Duration | undefined
  /** @default none */
  readonly metrics?: Metrics | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}
