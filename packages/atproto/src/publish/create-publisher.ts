import { ExprsnError, milliseconds, silentLogger, systemClock, systemRandom } from '@exprsn/core'
import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { createJobs, type DatabaseJobs, type Job, type JobContext } from '@exprsn/core/jobs'
import { createLexicons, recordLexicons, type Lexicons } from '../lexicon/index.ts'
import type { CardReader, ImageProcessor, VideoUploader } from '../media/index.ts'
import type { ResolveMention } from '../richtext/index.ts'
import { checkItem, checkRecords } from './check-item.ts'
import { publishErrors } from './errors.ts'
import { HeldItem } from './held-item.ts'
import { itemRow, partRow, type ItemRow, type ItemState, type PartRow } from './item-rows.ts'
import { accountPause } from './judge-answer.ts'
import type { Mapping } from './mapping.ts'
import { publishMigrations } from './migrations.ts'
import { altProblem } from './media-names.ts'
import type { PublishAccount } from './publish-account.ts'
import type { PublishedItem, Publisher, PutOptions, PutResult } from './publisher.ts'
import { isMediaError, PublishMedia } from './publish-media.ts'
import { isGate } from './gate-records.ts'
import { resolveAt } from './resolve-at.ts'
import { runItem, type RunOutcome } from './run-item.ts'
import { publishStatements, type PublishStatements } from './statements.ts'
import { digestOf, wantedOf } from './wanted.ts'
import { officialBudget, WriteBudget, type BudgetWindow } from './write-budget.ts'

const sweepDelay = '10m'
const limited = { method: 'deleteRecord', status: 429, error: 'RateLimitExceeded' }
const longestPause = 21_600_000

/** Options of {@link createPublisher}. */
export interface CreatePublisherOptions<Items> extends MigrationNaming {
  /** Where the host's tables are, and those of the publisher; it stays open. */
  readonly database: Database
  /** Writes to the account's PDS. */
  readonly account: PublishAccount
  /** How items become records, by name. */
  readonly mappings: { readonly [Name in keyof Items]: Mapping<Items[Name]> }
  /** The DID of a handle that is mentioned. @default asks the account's host */
  readonly resolveMention?: ResolveMention | undefined
  /** Makes images fit that are too large: `sharpImages()`. @default none: such images are refused */
  readonly images?: ImageProcessor | undefined
  /** Prepares videos: `createVideoUploader()`. @default none: drafts with a video are refused */
  readonly videos?: VideoUploader | undefined
  /** Reads titles and pictures of cards that have none: `createCardReader()`. @default none: such cards show their address */
  readonly cards?: CardReader | undefined
  /** The host's rate limits for writes. @default officialBudget */
  readonly budget?: readonly BudgetWindow[] | undefined
  /** Checks records before they are stored. @default those of `app.bsky` and `com.atproto` */
  readonly lexicons?: Lexicons | undefined
  /**
   * Items that have waited for longer, and were never published, are parked instead: after an outage nobody wants a flood.
   * @default none are
   */
  readonly maxAge?: Duration | undefined
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

/**
 * Publishes the host's items to a repository of the AT Protocol, each exactly once: the wish stands in the host's own
 * transaction, record keys are stored before the first call, records are put and never created, and where an answer got lost
 * the CID tells what came about. Edits, deletions, threads and items that come back follow; what the host of the account
 * refuses is parked with its reason.
 *
 * @throws `ATPROTO_PUBLISH_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createClient } from '@exprsn/core/client'
 * import { createPublisher, defineMapping, passwordAccount } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using database = sqliteDatabase({ path: ':memory:' })
 *
 * const notes = defineMapping<{ readonly id: string; readonly body: string }>({
 *   identity: (note) => note.id,
 *   toRecord: (note, { text }) => text.plain(note.body),
 * })
 * await using publisher = createPublisher({
 *   database,
 *   account: passwordAccount({ did, service: pds.url, password: 'password', client }),
 *   mappings: { notes },
 * })
 * await migrate(database, publisher.migrations)
 * await database.transaction(async (tx) => {
 *   // … save the note …
 *   await publisher.put('notes', { id: 'n1', body: 'hello' }, { tx })
 * })
 * await publisher.drain({ deadline: '10s' })
 * console.log(repo.records.size) // 1
 * ```
 */
export function createPublisher<Items>(options: CreatePublisherOptions<Items>): Publisher<Items> {
  return new OutboxPublisher(options)
}

interface ItemJob {
  readonly mapping: string
  readonly id: string
}

interface SweepJob {
  readonly records: readonly { readonly collection: string; readonly rkey: string }[]
}

class OutboxPublisher<Items> implements Publisher<Items> {
  readonly migrations: Publisher<Items>['migrations']
  readonly #options: CreatePublisherOptions<Items>
  readonly #sql: PublishStatements
  readonly #jobs: DatabaseJobs<Record<string, never>>
  readonly #budget: WriteBudget
  readonly #media: PublishMedia
  readonly #clock: Clock
  readonly #maxAge: number
  readonly #attempts: number
  #lexicons: Lexicons | undefined

  constructor(options: CreatePublisherOptions<Items>) {
    const { database, account, clock = systemClock, random = systemRandom, logger = silentLogger } = options
    const { prefix, schema, concurrency = 4, lease, maxAge, attempts = 30 } = options
    if (!(Number.isInteger(attempts) && attempts > 0))
      throw publishErrors.ATPROTO_PUBLISH_OPTION_INVALID({ option: 'attempts', value: attempts })
    this.#options = options
    this.#clock = clock
    this.#attempts = attempts
    this.#maxAge = maxAge === undefined ? Infinity : milliseconds(maxAge)
    this.#sql = publishStatements(tableNames(database.dialect, { prefix, schema }))
    this.#budget = new WriteBudget(account.did, options.budget ?? officialBudget, this.#sql, clock)
    this.#media = new PublishMedia(database, this.#sql, account, options)
    const settings = { attempts: 1_000_000, backoff: { initial: '1s', maximum: '10m' }, when: () => true } as const
    const handlers = {
      [this.#itemJob]: { ...settings, run: (job: Job<ItemJob>, context: JobContext) => this.#run(job, context) },
      [this.#wakeJob]: { ...settings, run: (job: Job<ItemJob>, context: JobContext) => this.#wake(job, context) },
      [this.#sweepJob]: { ...settings, run: (job: Job<SweepJob>, context: JobContext) => this.#sweep(job, context) },
    }
    const shared = { prefix, schema, concurrency, lease, clock, random, logger }
    this.#jobs = createJobs<Record<string, never>>({ database, handlers: handlers as never, ...shared })
    this.migrations = [this.#jobs.migrations, publishMigrations]
  }

  async put<Name extends keyof Items & string>(
    mapping: Name,
    item: Items[Name],
    { tx, publishAt }: PutOptions = {},
  ): Promise<PutResult> {
    const definition = this.#mapping(mapping)
    const id = definition.identity(item)
    await checkItem(mapping, id, definition, item)
    if (definition.visibility?.(item) === false) {
      const result = await this.remove(mapping, id, { tx })
      return result === 'queued' ? 'queued' : 'hidden'
    }
    const wanted = wantedOf(definition, item)
    const silent = definition.policies?.alt === 'optional' ? undefined : altProblem(wanted)
    if (silent !== undefined) throw publishErrors.ATPROTO_PUBLISH_ITEM_INVALID({ mapping, id, reason: silent })
    const text = JSON.stringify(wanted)
    const now = this.#clock.now()
    const createdAt = definition.createdAt?.(item).getTime()
    this.#lexicons ??= this.#options.lexicons ?? createLexicons(recordLexicons)
    checkRecords(this.#lexicons, { mapping, id }, wanted, createdAt ?? now)
    const version = versionOf(definition.version?.(item)) ?? digestOf(text)
    return this.#within(tx, async (inner) => {
      const known = await this.#lock(inner, mapping, id, now)
      const { edit = 'replace' } = definition.policies ?? {}
      const isThere = known.state !== 'new' && known.wanted !== undefined
      if (isThere && (known.version === version || edit === 'ignore')) return 'unchanged'
      const isNew = !isThere || edit === 'repost'
      const due = Math.max(now, publishAt?.getTime() ?? 0)
      await inner.query(this.#sql.saveWanted, [
        ...this.#key(mapping, id),
        known.generation + (isNew ? 1 : 0),
        version,
        text,
        isNew ? (known.state === 'new' ? (createdAt ?? due) : due) : known.createdAt,
        due,
        due,
      ])
      await this.#enqueue(inner, { mapping, id }, due > now ? due : undefined)
      return 'queued'
    })
  }

  async remove(
    mapping: keyof Items & string,
    id: string,
    { tx }: Pick<PutOptions, 'tx'> = {},
  ): Promise<'queued' | 'unchanged'> {
    this.#mapping(mapping)
    return this.#within(tx, async (inner) => {
      const { rows } = await inner.query(this.#sql.readItem, this.#key(mapping, id))
      if (rows[0] === undefined) return 'unchanged'
      const now = this.#clock.now()
      const known = await this.#lock(inner, mapping, id, now)
      if (known.wanted === undefined) return 'unchanged'
      const { generation, createdAt } = known
      await inner.query(this.#sql.saveWanted, [...this.#key(mapping, id), generation, null, null, createdAt, now, now])
      await this.#enqueue(inner, { mapping, id })
      return 'queued'
    })
  }

  retry(mapping: keyof Items & string, id: string): Promise<'queued' | 'unchanged'> {
    return this.#within(undefined, async (tx) => {
      const { rows } = await tx.query(this.#sql.readItem, this.#key(mapping, id))
      if (rows[0] === undefined) return 'unchanged'
      const known = itemRow(rows[0])
      if (known.state !== 'parked') return 'unchanged'
      await tx.query(this.#sql.saveState, [...this.#key(mapping, id), 'pending', null, known.revision])
      await this.#enqueue(tx, { mapping, id })
      return 'queued'
    })
  }

  async get(mapping: keyof Items & string, id: string): Promise<PublishedItem | undefined> {
    const { rows } = await this.#options.database.query(this.#sql.readItem, this.#key(mapping, id))
    return rows[0] === undefined ? undefined : this.#published(itemRow(rows[0]))
  }

  async list(filter: Parameters<Publisher<Items>['list']>[0] = {}): Promise<readonly PublishedItem[]> {
    const { state = '', after = { mapping: '', id: '' }, limit = 100 } = filter
    const values = [this.#options.account.did, state, after.mapping, after.id, limit]
    const { rows } = await this.#options.database.query(this.#sql.listItems, values)
    return Promise.all(rows.map((row) => this.#published(itemRow(row))))
  }

  async counts(): Promise<Readonly<Record<ItemState, number>>> {
    const counts = { pending: 0, published: 0, deleted: 0, parked: 0 }
    const { rows } = await this.#options.database.query<{ state: ItemState; items: number }>(this.#sql.countStates, [
      this.#options.account.did,
    ])
    for (const { state, items } of rows) counts[state] = Number(items)
    return counts
  }

  start(): void {
    this.#jobs.start()
  }

  drain(options: Parameters<Publisher<Items>['drain']>[0] = {}): ReturnType<Publisher<Items>['drain']> {
    return this.#jobs.drain(options)
  }

  close(options: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    return this.#jobs.close(options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Other accounts may share the tables: the jobs of each have a name of their own. */
  get #itemJob(): string {
    return `atproto.publish/${this.#options.account.did}`
  }

  get #wakeJob(): string {
    return `atproto.wake/${this.#options.account.did}`
  }

  get #sweepJob(): string {
    return `atproto.sweep/${this.#options.account.did}`
  }

  #mapping<Name extends keyof Items & string>(mapping: Name): Mapping<Items[Name]> {
    const { mappings } = this.#options
    if (!Object.hasOwn(mappings, mapping)) throw publishErrors.ATPROTO_PUBLISH_MAPPING_UNKNOWN({ mapping })
    return mappings[mapping]
  }

  #within<Result>(tx: Queryable | undefined, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return tx === undefined ? this.#options.database.transaction(work) : work(tx)
  }

  async #lock(tx: Queryable, mapping: string, id: string, now: number): Promise<ItemRow> {
    const { rows } = await tx.query(this.#sql.lockItem, [...this.#key(mapping, id), now])
    return itemRow(rows[0]!)
  }

  /** Runs of an item come one after another; one that is to come later must not hold up what is asked for meanwhile. */
  async #enqueue(tx: Queryable, job: ItemJob, runAt?: number, isWait = false): Promise<void> {
    const orderingKey = digestOf(JSON.stringify([this.#options.account.did, job.mapping, job.id]))
    if (runAt === undefined) await this.#jobs.enqueue(this.#itemJob, job as never, { tx, orderingKey })
    else {
      // However often an item is asked for while it waits, it is woken once.
      const key = isWait ? { key: orderingKey } : {}
      await this.#jobs.enqueue(this.#wakeJob, job as never, { tx, runAt: new Date(runAt), ...key })
    }
  }

  async #wake({ payload }: Job<ItemJob>, { completeWith }: JobContext): Promise<void> {
    await completeWith((tx) => this.#enqueue(tx, payload))
  }

  async #run({ payload, id, token, attempt }: Job<ItemJob>, { signal, completeWith }: JobContext): Promise<void> {
    const { account, database } = this.#options
    const place = { did: account.did, ...payload, holder: `${id}/${token}` }
    const held = await HeldItem.take(database, this.#sql, place)
    if (held === undefined || held.row.state !== 'pending') return
    // A job for its time was stored with the wish.
    if (held.row.notBefore > this.#clock.now()) return
    const outcome = await this.#outcome(held, attempt, signal)
    await completeWith(async (tx) => {
      if (outcome.kind !== 'waiting') {
        await this.#sweepLater(tx, held)
        await held.settle(tx, outcome.kind, outcome.kind === 'parked' ? outcome.reason : null)
        return
      }
      await held.guard(tx)
      await held.waits(tx, outcome.reason)
      const delay = Math.min(Math.max(0, outcome.until - this.#clock.now()), longestPause)
      await this.#enqueue(tx, payload, this.#clock.now() + delay, true)
    })
  }

  async #outcome(held: HeldItem, attempt: number, signal: AbortSignal): Promise<RunOutcome> {
    const { queuedAt, wanted } = held.row
    const isOld = wanted !== undefined && this.#clock.now() - queuedAt > this.#maxAge
    if (isOld && (await held.parts()).length === 0) return { kind: 'parked', reason: 'it has waited for too long' }
    const { account } = this.#options
    const resolveMention = this.#options.resolveMention ?? ((handle) => resolveAt(account, handle, signal))
    const { mapping } = held.row
    const place = { mapping, definition: this.#mapping(mapping as keyof Items & string) as unknown as Mapping<never> }
    try {
      return await runItem(held, {
        account,
        budget: this.#budget,
        resolveMention,
        media: {
          ready: (wished, within) => this.#media.ready(place, wished, within),
          forget: (media) => this.#media.forget(media),
          narrow: (bytes) => this.#media.narrow(bytes),
        },
        clock: this.#clock,
        sweep: (tx, parts) => this.#enqueueSweep(tx, parts),
        signal,
      })
    } catch (error) {
      if (signal.aborted) throw error
      if (isLost(error)) throw error
      if (isMediaError(error)) return { kind: 'parked', reason: error.message }
      if (isLoginFailure(error))
        return { kind: 'waiting', until: this.#clock.now() + accountPause, reason: (error as Error).message }
      if (attempt >= this.#attempts) return { kind: 'parked', reason: String((error as Error).message) }
      await held.waits(this.#options.database, String((error as Error).message))
      throw error
    }
  }

  /** A put that was given up may still be on its way when its record is deleted: what it brings is deleted again later. */
  async #sweepLater(tx: Queryable, held: HeldItem): Promise<void> {
    const { mapping, id } = held.row
    const { rows } = await tx.query(this.#sql.readParts, this.#key(mapping, id))
    await this.#enqueueSweep(
      tx,
      rows.map(partRow).filter(({ sweepOwed }) => sweepOwed),
    )
  }

  async #enqueueSweep(tx: Queryable, parts: readonly PartRow[]): Promise<void> {
    const records = parts.map(({ collection, rkey }) => ({ collection, rkey }))
    if (records.length > 0) await this.#jobs.enqueue(this.#sweepJob, { records } as never, { tx, delay: sweepDelay })
  }

  async #sweep({ payload }: Job<SweepJob>, { signal }: JobContext): Promise<void> {
    const { account, database } = this.#options
    for (const { collection, rkey } of payload.records) {
      const { waitUntil } = await database.transaction((tx) => this.#budget.take(tx, 'delete'))
      if (waitUntil !== undefined) throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE(limited)
      const input = { repo: account.did, collection, rkey }
      const { status } = await account.call('com.atproto.repo.deleteRecord', { input, signal })
      if (status !== 200) throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method: 'deleteRecord', status, error: '' })
    }
  }

  async #published({ mapping, id, state, error, generation }: ItemRow): Promise<PublishedItem> {
    const { did } = this.#options.account
    const { rows } = await this.#options.database.query(this.#sql.readParts, this.#key(mapping, id))
    const records = rows
      .map(partRow)
      .filter((part) => !part.removed && part.generation === generation && !isGate(part.part))
      .map(({ collection, rkey, cid }) => ({ uri: `at://${did}/${collection}/${rkey}`, cid }))
    return { mapping, id, state: state === 'new' ? 'pending' : state, reason: error, records }
  }

  #key(mapping: string, id: string): string[] {
    return [this.#options.account.did, mapping, id]
  }
}

function versionOf(version: string | number | Date | undefined): string | undefined {
  return version === undefined ? undefined : version instanceof Date ? version.toISOString() : String(version)
}

function isLost(error: unknown): boolean {
  return ExprsnError.is(error) && error.code === 'ATPROTO_PUBLISH_HOLDER_LOST'
}

function isLoginFailure(error: unknown): boolean {
  if (!ExprsnError.is(error)) return false
  return error.code === 'ATPROTO_PUBLISH_LOGIN_FAILED' || error.code === 'ATPROTO_PUBLISH_ACCOUNT_MOVED'
}
