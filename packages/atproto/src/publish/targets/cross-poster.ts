import { silentLogger, systemClock, systemRandom, type Clock, type Duration } from '@exprsn/core'
import { tableNames, type MigrationSet, type Queryable } from '@exprsn/core/database'
import { createJobs, type DatabaseJobs, type DrainReport, type Job, type JobContext } from '@exprsn/core/jobs'
import type { SendingOptions } from '../sending-options.ts'
import { targetErrors } from './errors.ts'
import type { CrossPost, PublishTarget } from './publish-target.ts'
import { targetMigrations, targetStatements, type TargetStatements } from './target-tables.ts'

/** Options of {@link createCrossPoster}. */
export interface CrossPosterOptions extends SendingOptions {
  /** The networks, each under a name of its own. */
  readonly targets: readonly PublishTarget[]
}

/** How an item fares at a target. */
export interface CrossPostState {
  readonly state: 'pending' | 'published' | 'deleted' | 'parked'
  /** Why it is parked, or what it waits for. */
  readonly reason: string | undefined
}

/** Posts items to several networks. */
export interface CrossPoster extends AsyncDisposable {
  /** The tables of it and of its targets, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /** Posts an item, or its new version, to every target. Resolves when that is stored. */
  put(post: CrossPost, options?: { readonly tx?: Queryable | undefined }): Promise<void>
  /** Takes an item back everywhere. */
  remove(id: string, options?: { readonly tx?: Queryable | undefined }): Promise<void>
  /** Tries a parked item again. @throws `ATPROTO_TARGET_UNKNOWN` */
  retry(target: string, id: string): Promise<void>
  /** How an item fares, by target. */
  get(id: string): Promise<ReadonlyMap<string, CrossPostState>>
  /** Begins to send. */
  start(): void
  /** Sends everything that is due, then returns. */
  drain(options?: {
    readonly deadline?: Duration | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<DrainReport>
  /** Takes up nothing new, and waits for what is on its way. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}

/**
 * Posts the host's items to several networks through one outbox in the host's own transaction. A target that is away, or
 * refuses, holds up none of the others.
 *
 * @throws `ATPROTO_TARGET_UNKNOWN` when two targets have one name
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createCrossPoster, feedTarget } from '@exprsn/atproto/publish'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const feed = feedTarget({ database, title: 'News', home: 'https://example.com/' })
 * await using poster = createCrossPoster({ database, targets: [feed] })
 * await migrate(database, poster.migrations)
 * await database.transaction((tx) =>
 *   poster.put({ id: 'a1', content: { text: 'hello', spans: [] }, createdAt: new Date() }, { tx }),
 * )
 * await poster.drain({ deadline: '10s' })
 * console.log((await poster.get('a1')).get('feed')?.state) // published
 * ```
 */
export function createCrossPoster(options: CrossPosterOptions): CrossPoster {
  return new JobCrossPoster(options)
}

interface ItemJob {
  readonly target: string
  readonly id: string
}

const longestPause = 21_600_000

class JobCrossPoster implements CrossPoster {
  readonly migrations: readonly MigrationSet[]
  readonly #options: CrossPosterOptions
  readonly #targets: ReadonlyMap<string, PublishTarget>
  readonly #sql: TargetStatements
  readonly #jobs: DatabaseJobs<Record<string, never>>
  readonly #clock: Clock
  readonly #attempts: number

  constructor(options: CrossPosterOptions) {
    const { database, targets, prefix, schema, concurrency = 4, lease, attempts = 30 } = options
    const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
    this.#options = options
    this.#clock = clock
    this.#attempts = attempts
    this.#targets = new Map(targets.map((target) => [target.name, target]))
    const twice = targets.find((target) => this.#targets.get(target.name) !== target)
    if (twice !== undefined) throw targetErrors.ATPROTO_TARGET_UNKNOWN({ target: twice.name })
    this.#sql = targetStatements(tableNames(database.dialect, { prefix, schema }))
    const settings = { attempts: 1_000_000, backoff: { initial: '1s', maximum: '10m' }, when: () => true } as const
    const handlers = {
      'atproto.target': { ...settings, run: (job: Job<ItemJob>, context: JobContext) => this.#run(job, context) },
      'atproto.target-wake': {
        ...settings,
        run: ({ payload }: Job<ItemJob>, { completeWith }: JobContext) =>
          completeWith((tx) => this.#enqueue(tx, payload)),
      },
    }
    const shared = { prefix, schema, concurrency, lease, clock, random, logger }
    this.#jobs = createJobs<Record<string, never>>({ database, handlers: handlers as never, ...shared })
    const sets = [this.#jobs.migrations, targetMigrations, ...targets.flatMap((target) => target.migrations)]
    this.migrations = [...new Map(sets.map((set) => [set.name, set])).values()]
  }

  put(post: CrossPost, { tx }: { readonly tx?: Queryable | undefined } = {}): Promise<void> {
    return this.#want(post.id, JSON.stringify({ ...post, createdAt: post.createdAt.toISOString() }), tx)
  }

  remove(id: string, { tx }: { readonly tx?: Queryable | undefined } = {}): Promise<void> {
    return this.#want(id, null, tx)
  }

  async retry(target: string, id: string): Promise<void> {
    if (!this.#targets.has(target)) throw targetErrors.ATPROTO_TARGET_UNKNOWN({ target })
    await this.#options.database.transaction(async (tx) => {
      const { count } = await tx.query(this.#sql.again, [target, id])
      if (count > 0) await this.#enqueue(tx, { target, id })
    })
  }

  async get(id: string): Promise<ReadonlyMap<string, CrossPostState>> {
    const states = new Map<string, CrossPostState>()
    for (const target of this.#targets.keys()) {
      const { rows } = await this.#options.database.query(this.#sql.item, [target, id])
      const [row] = rows
      if (row === undefined) continue
      const reason = (row.error as string | null) ?? undefined
      states.set(target, { state: row.state as CrossPostState['state'], reason })
    }
    return states
  }

  start(): void {
    this.#jobs.start()
  }

  drain(options: Parameters<CrossPoster['drain']>[0] = {}): Promise<DrainReport> {
    return this.#jobs.drain(options)
  }

  async close(options: Parameters<CrossPoster['close']>[0] = {}): Promise<void> {
    await this.#jobs.close(options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #want(id: string, wanted: string | null, tx: Queryable | undefined): Promise<void> {
    const work = async (inner: Queryable): Promise<void> => {
      for (const target of this.#targets.keys()) {
        await inner.query(this.#sql.want, [target, id, wanted])
        await this.#enqueue(inner, { target, id })
      }
    }
    await (tx === undefined ? this.#options.database.transaction(work) : work(tx))
  }

  async #enqueue(tx: Queryable, job: ItemJob, runAt?: Date): Promise<void> {
    const key = JSON.stringify([job.target, job.id]).slice(0, 255)
    if (runAt === undefined) await this.#jobs.enqueue('atproto.target' as never, job as never, { tx, orderingKey: key })
    else await this.#jobs.enqueue('atproto.target-wake' as never, job as never, { tx, runAt, key })
  }

  async #run({ payload, attempt }: Job<ItemJob>, { signal, completeWith }: JobContext): Promise<void> {
    const { target: name, id } = payload
    const target = this.#targets.get(name)
    const { rows } = await this.#options.database.query(this.#sql.item, [name, id])
    const [row] = rows
    if (target === undefined || row?.state !== 'pending') return
    const wanted = row.wanted as string | null
    const post = wanted === null ? undefined : readPost(wanted)
    const outcome = await (post === undefined ? target.remove(id, { signal }) : target.put(post, { signal })).catch(
      (error: unknown) => {
        if (signal.aborted || attempt < this.#attempts) throw error
        return { status: 'refused', reason: error instanceof Error ? error.message : 'it failed' } as const
      },
    )
    await completeWith(async (tx) => {
      if (outcome.status === 'waiting') {
        const until = Math.min(outcome.until.getTime(), this.#clock.now() + longestPause)
        await tx.query(this.#sql.settle, [name, id, 'pending', outcome.reason, Number(row.revision)])
        await this.#enqueue(tx, payload, new Date(until))
        return
      }
      const state = outcome.status === 'refused' ? 'parked' : post === undefined ? 'deleted' : 'published'
      const reason = outcome.status === 'refused' ? outcome.reason : null
      await tx.query(this.#sql.settle, [name, id, state, reason, Number(row.revision)])
    })
  }
}

function readPost(text: string): CrossPost {
  const post = JSON.parse(text) as CrossPost & { readonly createdAt: string }
  return { ...post, createdAt: new Date(post.createdAt) }
}
