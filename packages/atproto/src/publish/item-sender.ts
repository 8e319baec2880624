import {
  ExprsnError,
  milliseconds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Duration,
} from '@exprsn/core'
import type { MigrationSet, Queryable } from '@exprsn/core/database'
import { createJobs, type DatabaseJobs, type DrainReport, type Job, type JobContext } from '@exprsn/core/jobs'
import { publishErrors } from './errors.ts'
import { officialBudget } from './budget-window.ts'
import { HeldItem } from './held-item.ts'
import { partRow, type PartRow } from './item-rows.ts'
import { accountPause } from './judge-answer.ts'
import { latestArrival } from './latest-arrival.ts'
import type { Mapping } from './mapping.ts'
import { needsLogin } from './needs-login.ts'
import { sendOrGiveBack } from './never-sent.ts'
import { isNew, NewItemPace } from './new-item-pace.ts'
import { isMediaError, PublishMedia } from './publish-media.ts'
import { mappingOf, type CreatePublisherOptions } from './publisher-options.ts'
import { resolveAt } from './resolve-at.ts'
import { runItem, type RunOutcome } from './run-item.ts'
import type { PublishStatements } from './statements.ts'
import { digestOf } from './wanted.ts'
import { usedUpUntil } from './used-up.ts'
import { WriteBudget } from './write-budget.ts'

const limited = { method: 'deleteRecord', status: 429, error: 'RateLimitExceeded' }
const longestPause = 21_600_000

/** The item that a job sends. */
export interface ItemJob {
  readonly mapping: string
  readonly id: string
}

interface SweepJob {
  readonly records: readonly { readonly collection: string; readonly rkey: string }[]
}

/** Sends items: the jobs of an outbox, which look after those that wait and those that were deleted, too. */
export class ItemSender<Items> {
  readonly #options: CreatePublisherOptions<Items>
  readonly #sql: PublishStatements
  readonly #jobs: DatabaseJobs<Record<string, never>>
  readonly #budget: WriteBudget
  readonly #pace: NewItemPace | undefined
  readonly #media: PublishMedia
  readonly #clock: Clock
  readonly #maxAge: number
  readonly #attempts: number

  constructor(options: CreatePublisherOptions<Items>, sql: PublishStatements) {
    const { database, account, clock = systemClock, random = systemRandom, logger = silentLogger } = options
    const { prefix, schema, concurrency = 4, lease, maxAge, newItemsPerHour, attempts = 30 } = options
    if (!(Number.isInteger(attempts) && attempts > 0))
      throw publishErrors.ATPROTO_PUBLISH_OPTION_INVALID({ option: 'attempts', value: attempts })
    this.#options = options
    this.#sql = sql
    this.#clock = clock
    this.#attempts = attempts
    this.#maxAge = maxAge === undefined ? Infinity : milliseconds(maxAge)
    this.#budget = new WriteBudget(account.did, options.budget ?? officialBudget, sql, { clock, random })
    this.#pace = newItemsPerHour === undefined ? undefined : new NewItemPace(account.did, newItemsPerHour, sql, clock)
    this.#media = new PublishMedia(database, sql, account, options)
    const settings = { attempts: 1_000_000, backoff: { initial: '1s', maximum: '10m' }, when: () => true } as const
    const handlers = {
      [this.#itemJob]: { ...settings, run: (job: Job<ItemJob>, context: JobContext) => this.#run(job, context) },
      [this.#wakeJob]: { ...settings, run: (job: Job<ItemJob>, context: JobContext) => this.#wake(job, context) },
      [this.#sweepJob]: { ...settings, run: (job: Job<SweepJob>, context: JobContext) => this.#sweep(job, context) },
    }
    const shared = { prefix, schema, concurrency, lease, clock, random, logger }
    this.#jobs = createJobs<Record<string, never>>({ database, handlers: handlers as never, ...shared })
  }

  get migrations(): MigrationSet {
    return this.#jobs.migrations
  }

  start(): void {
    this.#jobs.start()
  }

  drain(options: Parameters<DatabaseJobs<Record<string, never>>['drain']>[0]): Promise<DrainReport> {
    return this.#jobs.drain(options)
  }

  close(options: { readonly deadline?: Duration | undefined }): Promise<void> {
    return this.#jobs.close(options)
  }

  /** Runs of an item come one after another; one that is to come later must not hold up what is asked for meanwhile. */
  async enqueue(tx: Queryable, job: ItemJob, runAt?: number, isWait = false): Promise<void> {
    const orderingKey = this.#nameOf(job)
    if (runAt === undefined) await this.#jobs.enqueue(this.#itemJob, job as never, { tx, orderingKey })
    else {
      // However often an item is asked for while it waits, it is woken once.
      const key = isWait ? { key: orderingKey } : {}
      await this.#jobs.enqueue(this.#wakeJob, job as never, { tx, runAt: new Date(runAt), ...key })
    }
  }

  #nameOf({ mapping, id }: ItemJob): string {
    return digestOf(JSON.stringify([this.#options.account.did, mapping, id]))
  }

  async #wake({ payload }: Job<ItemJob>, { completeWith }: JobContext): Promise<void> {
    await completeWith((tx) => this.enqueue(tx, payload))
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
      await this.enqueue(tx, payload, this.#clock.now() + delay, true)
    })
  }

  async #outcome(held: HeldItem, attempt: number, signal: AbortSignal): Promise<RunOutcome> {
    const { queuedAt, wanted } = held.row
    const isOld = wanted !== undefined && this.#clock.now() - queuedAt > this.#maxAge
    const isTooOld = isOld && (await held.parts()).length === 0
    const { waitUntil } = await this.#turn(held, isTooOld)
    if (isTooOld) return { kind: 'parked', reason: 'it has waited for too long' }
    if (waitUntil !== undefined)
      return { kind: 'waiting', until: waitUntil, reason: 'as many new items as may be were sent in this hour' }
    const { account } = this.#options
    const resolveMention = this.#options.resolveMention ?? ((handle) => resolveAt(account, handle, signal))
    const { mapping } = held.row
    const place = {
      mapping,
      definition: mappingOf(this.#options, mapping as keyof Items & string) as unknown as Mapping<never>,
    }
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
      if (needsLogin(error)) return { kind: 'waiting', until: this.#clock.now() + accountPause, reason: error.message }
      const until = usedUpUntil(error)
      if (until !== undefined) return { kind: 'waiting', until, reason: (error as Error).message }
      if (attempt >= this.#attempts) return { kind: 'parked', reason: String((error as Error).message) }
      await held.waits(this.#options.database, String((error as Error).message))
      throw error
    }
  }

  /** Whether an item may be sent, or until when it has to wait for those before it. */
  async #turn(held: HeldItem, isTooOld: boolean): Promise<{ readonly waitUntil?: number }> {
    const pace = this.#pace
    if (pace === undefined || !isNew(await held.parts())) return {}
    const name = this.#nameOf(held.row)
    return held.change(async (tx) => {
      if (!isTooOld && held.row.wanted !== undefined) return pace.take(tx, name)
      await pace.leave(tx, name)
      return {}
    })
  }

  /** A put that was given up may still be on its way when its record is deleted: what it brings is deleted again later. */
  async #sweepLater(tx: Queryable, held: HeldItem): Promise<void> {
    const { mapping, id } = held.row
    const { rows } = await tx.query(this.#sql.readParts, [this.#options.account.did, mapping, id])
    await this.#enqueueSweep(
      tx,
      rows.map(partRow).filter(({ sweepOwed }) => sweepOwed),
    )
  }

  async #enqueueSweep(tx: Queryable, parts: readonly PartRow[]): Promise<void> {
    const records = parts.map(({ collection, rkey }) => ({ collection, rkey }))
    if (records.length > 0) await this.#jobs.enqueue(this.#sweepJob, { records } as never, { tx, delay: latestArrival })
  }

  async #sweep({ payload }: Job<SweepJob>, { signal }: JobContext): Promise<void> {
    const { account, database } = this.#options
    for (const { collection, rkey } of payload.records) {
      const taken = await database.transaction((tx) => this.#budget.take(tx, 'delete'))
      if ('waitUntil' in taken) throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE(limited)
      const input = { repo: account.did, collection, rkey }
      const answer = await sendOrGiveBack(
        () => account.call('com.atproto.repo.deleteRecord', { input, signal }),
        () => database.transaction((tx) => this.#budget.giveBack(tx, taken.reserved)),
      )
      await database.transaction((tx) => this.#budget.settle(tx, taken.reserved, answer))
      const { status } = answer
      if (status !== 200) throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method: 'deleteRecord', status, error: '' })
    }
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
}

function isLost(error: unknown): boolean {
  return ExprsnError.is(error) && error.code === 'ATPROTO_PUBLISH_HOLDER_LOST'
}
