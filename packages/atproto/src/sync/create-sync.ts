import { milliseconds, sleep, type Duration } from '@exprsn/core'
import type { MigrationSet } from '@exprsn/core/database'
import { syncErrors } from './errors.ts'
import { syncMigrations } from './migrations.ts'
import { syncSettings, type SyncSettings } from './settings.ts'
import { registerSyncMetrics } from './sync-metrics.ts'
import type { SyncOptions } from './sync-options.ts'
import { SyncRun } from './sync-run.ts'
import type { RepoCounts } from './sync-store.ts'
import type { SyncStatus } from './sync-status.ts'
import { newTally } from './sync-tally.ts'

/** A repository that could not be brought up to date. */
export interface ParkedRepo {
  readonly did: string
  readonly error: string
  /** Fetches in a row that failed. */
  readonly attempts: number
  readonly retryAt: Date
}

/** Options of {@link Sync.runOnce}. */
export interface RunOnceOptions {
  /** How long the stream must be quiet. @default '1s' */
  readonly quiet?: Duration | undefined
  /** Ends the run whether everything is done or not. @default none */
  readonly deadline?: Duration | undefined
  /** Ends the run after the message it is at. */
  readonly signal?: AbortSignal | undefined
}

/** Keeps a host's tables in step with repositories. Made by {@link createSync}. */
export interface Sync extends AsyncDisposable {
  /** The tables it needs: pass them to `migrate`. */
  readonly migrations: MigrationSet
  /** Begins to run in the background. Calling it again does nothing. */
  start(): void
  /**
   * Runs until the stream is quiet and nothing is left to do: for hosts that are called from time to time.
   *
   * @throws the signal's reason, `ATPROTO_SYNC_CLOSED`
   */
  runOnce(options?: RunOnceOptions): Promise<SyncStatus>
  status(): SyncStatus
  /** How many repositories are in which state. */
  counts(): Promise<RepoCounts>
  /** Repositories whose last attempt failed, with the reason. */
  parked(limit?: number): Promise<readonly ParkedRepo[]>
  /** Fetches a repository that was left aside at once. @returns false when it was not */
  retry(did: string): Promise<boolean>
  /** Compares the host's list of repositories with what is known; those that differ are fetched. It has to be running. */
  reconcile(): Promise<void>
  /** Ends what runs: no transaction is left open. Database and source stay open. */
  close(): Promise<void>
}

/**
 * Keeps the host's tables in step with repositories of the AT Protocol, each change exactly once: the handler runs in a
 * transaction of the host's database together with the cursor, the head of the repository and the record's CID. A commit is
 * applied when its signature and its proof are right and it follows what is known; otherwise the whole repository is fetched
 * and compared. What fails leaves its own repository aside and no other.
 *
 * @throws `ATPROTO_SYNC_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createSync, firehoseSource } from '@exprsn/atproto/sync'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test' })
 * pds.host.write(did, [{ action: 'create', path: 'com.example.note/1', value: { text: 'hello' } }])
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await database.query('create table notes (uri text primary key, text text not null)')
 * await using source = firehoseSource({ service: pds.url, allow: { loopbackAddresses: true } })
 * await using sync = createSync({
 *   database,
 *   source,
 *   collections: ['com.example.note'],
 *   resolveSigningKey: async (account) => pds.host.plc.get(account)!.signingKey,
 *   async apply(event, tx) {
 *     if (event.type === 'create') await tx.query('insert into notes values ($1, $2)', [event.uri, String(event.value.text)])
 *     if (event.type === 'delete') await tx.query('delete from notes where uri = $1', [event.uri])
 *   },
 * })
 * await migrate(database, [sync.migrations])
 * await sync.runOnce({ quiet: '200ms' })
 * const { rows } = await database.query('select text from notes')
 * console.log(rows[0]?.text) // hello
 * ```
 */
export function createSync(options: SyncOptions): Sync {
  return new RunningSync(syncSettings(options), options)
}

class RunningSync implements Sync {
  readonly migrations = syncMigrations
  readonly #settings: SyncSettings
  readonly #tally = newTally()
  #run: SyncRun | undefined
  #stop: AbortController | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(settings: SyncSettings, { metrics }: SyncOptions) {
    this.#settings = settings
    if (metrics !== undefined) registerSyncMetrics(metrics, settings.source.name, () => this.status())
  }

  start(): void {
    this.#begin()
    const { reconcileEvery } = this.#settings
    if (reconcileEvery !== undefined) void this.#reconcileLoop(reconcileEvery, this.#stop!.signal)
  }

  async runOnce({ quiet = '1s', deadline, signal }: RunOnceOptions = {}): Promise<SyncStatus> {
    signal?.throwIfAborted()
    const { clock } = this.#settings
    const run = this.#begin()
    const ended = AbortSignal.any([this.#stop!.signal, ...(signal === undefined ? [] : [signal])])
    const limit = new AbortController()
    const timer =
      deadline === undefined
        ? undefined
        : clock.setTimer(() => limit.abort(), milliseconds(deadline), { background: true })
    await run.untilIdle(milliseconds(quiet), AbortSignal.any([ended, limit.signal]))
    timer?.cancel()
    await this.#end()
    signal?.throwIfAborted()
    return this.status()
  }

  status(): SyncStatus {
    const run = this.#run
    const time = run?.appliedTime
    return {
      cursor: run?.cursor,
      connected: run?.connected ?? false,
      pending: run?.pending ?? 0,
      lag: time === undefined ? undefined : Math.max(0, this.#settings.clock.now() - time),
      tally: { ...this.#tally },
    }
  }

  counts(): Promise<RepoCounts> {
    return this.#settings.store.countStates(this.#settings.database)
  }

  async parked(limit = 100): Promise<readonly ParkedRepo[]> {
    const rows = await this.#settings.store.parkedRepos(this.#settings.database, limit)
    return rows.map(({ did, error = '', attempts, retryAt }) => ({ did, error, attempts, retryAt: new Date(retryAt) }))
  }

  async retry(did: string): Promise<boolean> {
    const isParked = await this.#settings.store.retryNow(this.#settings.database, did)
    this.#run?.wakeFetches()
    return isParked
  }

  async reconcile(): Promise<void> {
    this.#assertOpen()
    await this.#run?.reconcile(this.#stop!.signal)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
    await this.#settings.closeKeys()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #begin(): SyncRun {
    this.#assertOpen()
    if (this.#stop !== undefined) return this.#run!
    this.#stop = new AbortController()
    this.#run = new SyncRun(this.#settings, this.#tally)
    this.#running = this.#run.run(this.#stop.signal)
    // Whoever ends the run hears of it.
    this.#running.catch(() => undefined)
    return this.#run
  }

  async #end(): Promise<void> {
    this.#stop?.abort(syncErrors.ATPROTO_SYNC_CLOSED())
    this.#stop = undefined
    await this.#running
  }

  async #reconcileLoop(every: number, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#settings
    while (!signal.aborted) {
      await sleep(every, { clock, signal, background: true }).catch(() => undefined)
      if (signal.aborted) return
      await this.reconcile().catch((error: unknown) => logger.warn({ error }, 'repositories could not be compared'))
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw syncErrors.ATPROTO_SYNC_CLOSED()
  }
}
