import {
  milliseconds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Duration,
  type Logger,
  type Random,
} from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { collectionFilter } from './collection-filter.ts'
import { directoryKeys } from './directory-keys.ts'
import { syncErrors } from './errors.ts'
import { guardRecords } from './guard-record.ts'
import { KeyCache } from './key-cache.ts'
import type { SyncHandler, SyncOptions } from './sync-options.ts'
import type { SyncSource } from './sync-source.ts'
import { SyncStore } from './sync-store.ts'

/** The options with their defaults, and what is made of them. */
export interface SyncSettings {
  readonly database: Database
  readonly source: SyncSource
  readonly store: SyncStore
  readonly keys: KeyCache
  /** Closes what was opened to find keys. */
  readonly closeKeys: () => Promise<void>
  readonly apply: SyncHandler
  readonly wants: (path: string) => boolean
  readonly accepts: (did: string) => boolean
  readonly refuse: NonNullable<SyncOptions['refuse']>
  readonly proof: 'inductive' | 'legacy'
  readonly backfill: boolean
  readonly reconcileEvery: number | undefined
  readonly concurrency: number
  readonly batch: number
  readonly attempts: number
  readonly backoff: { readonly initial: number; readonly maximum: number; readonly factor: number }
  readonly maxRetryInterval: number
  readonly applyTimeout: number
  readonly maxPending: number
  readonly maxPendingBytes: number
  readonly maxPendingPerRepo: number
  readonly fetches: number
  readonly fetchLease: number
  readonly maxClockSkew: number
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * Checks options and fills in what was left out.
 *
 * @throws `ATPROTO_SYNC_OPTION_INVALID`, `CORE_DURATION_INVALID`, `CORE_DATABASE_NAME`
 */
export function syncSettings(options: SyncOptions): SyncSettings {
  const { database, source, clock = systemClock, prefix, schema, backoff = {} } = options
  const guard = guardRecords()
  const own = directoryKeys({ clock, random: options.random ?? systemRandom })
  return {
    database,
    source,
    store: new SyncStore(source.name, database.dialect, { prefix, schema }),
    keys: new KeyCache(options.resolveSigningKey ?? own.resolve, clock),
    closeKeys: () => own.close(),
    apply: options.apply,
    wants: collectionFilter(options.collections),
    accepts: options.accepts ?? (() => true),
    refuse: options.refuse ?? ((value) => guard(value)),
    proof: options.proof ?? 'inductive',
    backfill: options.backfill ?? true,
    reconcileEvery:
      options.reconcileEvery === undefined ? undefined : span('reconcileEvery', options.reconcileEvery, 0),
    concurrency: count('concurrency', options.concurrency, database.dialect === 'sqlite' ? 1 : 4),
    batch: count('batch', options.batch, 100),
    attempts: count('attempts', options.attempts, 5),
    backoff: {
      initial: span('backoff.initial', backoff.initial, 100),
      maximum: span('backoff.maximum', backoff.maximum, 30_000),
      factor: backoff.factor ?? 2,
    },
    maxRetryInterval: span('maxRetryInterval', options.maxRetryInterval, 3_600_000),
    applyTimeout: span('applyTimeout', options.applyTimeout, 30_000),
    maxPending: count('maxPending', options.maxPending, 5_000),
    maxPendingBytes: count('maxPendingBytes', options.maxPendingBytes, 32 * 1024 * 1024),
    maxPendingPerRepo: count('maxPendingPerRepo', options.maxPendingPerRepo, 500),
    fetches: count('fetches', options.fetches, 2),
    fetchLease: span('fetchLease', options.fetchLease, 30_000),
    maxClockSkew: span('maxClockSkew', options.maxClockSkew, 300_000),
    clock,
    random: options.random ?? systemRandom,
    logger: options.logger ?? silentLogger,
  }
}

function count(option: string, value: number | undefined, usual: number): number {
  if (value === undefined) return usual
  if (!Number.isSafeInteger(value) || value < 1) throw syncErrors.ATPROTO_SYNC_OPTION_INVALID({ option, value })
  return value
}

function span(option: string, value: Duration | undefined, usual: number): number {
  if (value === undefined) return usual
  const result = milliseconds(value)
  if (!(result > 0)) throw syncErrors.ATPROTO_SYNC_OPTION_INVALID({ option, value })
  return result
}
