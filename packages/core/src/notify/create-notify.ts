import type { Clock, Timer } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Database, Queryable } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import type { MigrationNaming, MigrationSet } from '../database/migration.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { createIdGenerator } from '../id/uuid.ts'
import { createJobs } from '../jobs/create-jobs.ts'
import type { JobEvent } from '../jobs/job-event.ts'
import type { Job } from '../jobs/job.ts'
import { jobMigrations } from '../jobs/sql/migrations.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import type { BackoffOptions } from '../resilience/backoff.ts'
import type { Channel, ChannelRoute } from './channel.ts'
import { checkNotification } from './check-notification.ts'
import { deliveryReport, type DeliveryReport } from './delivery-report.ts'
import { accept, type AcceptedPlace } from './engine/accept.ts'
import { deliver, type DeliveryPayload } from './engine/deliver.ts'
import { dispatchDue } from './engine/dispatch.ts'
import { NotifyTables } from './engine/notify-tables.ts'
import { compileRoutes, type Route } from './engine/route.ts'
import { notifyErrors } from './errors.ts'
import { notifyMigrations } from './migrations.ts'
import type { Notification, NotificationRecord } from './notification.ts'

/** Options of {@link createNotify}. */
export interface NotifyOptions extends MigrationNaming {
  /** Where messages can go, each a channel or a channel with rules. They are closed with the notifications. */
  readonly channels: Readonly<Record<string, Channel | ChannelRoute>>
  /**
   * Where notifications stand until they are delivered; it stays open, and has the tables of `migrations`. Replicas that
   * share it share groups, repetitions and rate limits.
   * @default the memory of this process: what waits is lost with it
   */
  readonly database?: Database | undefined
  /** How long the same key in the same status is not told again. @default '4h' */
  readonly repeat?: Duration | undefined
  /** How long the first notification of a group waits for others. @default '10s' */
  readonly groupWait?: Duration | undefined
  /** The least time between two messages of a group. @default '5m' */
  readonly groupInterval?: Duration | undefined
  /** How often a message is tried in all. @default 8 */
  readonly attempts?: number | undefined
  /** The wait after a failed attempt. @default { initial: '5s', maximum: '1h' } */
  readonly backoff?: BackoffOptions | undefined
  /** How long one attempt may take. @default '30s' */
  readonly timeout?: Duration | undefined
  /** How long it is kept what was sent. @default '7d' */
  readonly keep?: Duration | undefined
  /** Told of every delivery, failed attempt and given-up message of this process. */
  readonly onEvent?: ((event: NotifyEvent) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** How an attempt to deliver a message ended. */
export interface NotifyEvent {
  /** `delivered`; `retried`: there will be another attempt; `failed`: there will be none. */
  readonly type: 'delivered' | 'retried' | 'failed'
  /** 1 for the first. */
  readonly attempt: number
  readonly error: JobEvent['error']
}

/** What became of a notification when it was told. */
export interface Receipt {
  readonly id: string
  /** Whether it was left out, because its key had been told in this status already. */
  readonly duplicate: boolean
  /** Where it goes; none when it is a duplicate or no route takes it. */
  readonly channels: readonly AcceptedPlace[]
}

/** Options of {@link Notify.send}. */
export interface SendOptions {
  /** The host's own transaction: the notification is told when, and only when, it commits. @default one of its own */
  readonly tx?: Queryable | undefined
  /** Gives up waiting for the database. */
  readonly signal?: AbortSignal | undefined
}

/** What {@link Notify.flush} and {@link Notify.tick} did. */
export interface FlushReport {
  /** Messages that were put together. */
  readonly messages: number
  readonly delivered: number
  /** Attempts that failed and will be repeated later. */
  readonly retried: number
  readonly failed: number
}

/** Tells people and services what they should know. */
export interface Notify extends AsyncDisposable {
  /** The tables needed in the host's database, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /**
   * Tells something. Resolves when it is stored, not when it is delivered.
   *
   * @throws `CORE_NOTIFY_INVALID`, `CORE_NOTIFY_CHANNEL_UNKNOWN`, `CORE_NOTIFY_CLOSED`, and the database's own errors
   */
  send(notification: Notification, options?: SendOptions): Promise<Receipt>
  /** Begins to deliver in this process. Calling it again does nothing. */
  start(): void
  /** Sends what is due, once: for hosts that have no long-lived process. Needs no `start()`. */
  tick(options?: FlushOptions): Promise<FlushReport>
  /** Sends everything that only waits for its group, now; quiet hours and rate limits hold. Needs no `start()`. */
  flush(options?: FlushOptions): Promise<FlushReport>
  /** How far a notification has come, one entry a channel; none when it is unknown or no longer kept. */
  report(id: string): Promise<readonly DeliveryReport[]>
  /** Tries messages again that were given up (1,000 a call); gives how many. */
  retryFailed(): Promise<number>
  /** Stops delivering, waits for what is on its way until the deadline (`30s`), and closes the channels. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}

/** Options of {@link Notify.flush} and {@link Notify.tick}. */
export interface FlushOptions {
  /** When to stop. @default none */
  readonly deadline?: Duration | undefined
  /** Does the same at any time. */
  readonly signal?: AbortSignal | undefined
}

const jobName = 'exprsn.notify.deliver'
const longestPause = 5_000
const cleanedEvery = 3_600_000

/**
 * Notifications to webhooks, chats and mailboxes: what belongs together goes out together, what was told is not told
 * again, nights stay quiet, and a receiver that is down gets it later. Nothing runs before the first call, and nothing is
 * delivered before `start()`, `tick()` or `flush()`.
 *
 * A message is delivered at least once. It has the same id in every attempt; receivers that remember ids see it once.
 *
 * @throws `CORE_NOTIFY_OPTION_INVALID`, `CORE_DURATION_INVALID`, `CORE_SCHEDULE_ZONE`, `CORE_JOBS_OPTION_INVALID`
 * @example
 * ```ts
 * import { createNotify, type Channel } from '@exprsn/core/notify'
 *
 * const console_: Channel = { kind: 'console', send: async ({ title }) => console.log(title) }
 * await using notify = createNotify({ channels: { ops: { channel: console_, minimum: 'warning' } } })
 * for (const disk of ['a', 'b'])
 *   await notify.send({ title: `Disk ${disk} is full`, severity: 'critical', key: `disk:${disk}`, group: 'Disks' })
 * await notify.send({ title: 'Disk a is full', severity: 'critical', key: 'disk:a', group: 'Disks' }) // told already
 * await notify.flush() // Disks (2 firing)
 * ```
 */
export function createNotify(options: NotifyOptions): Notify {
  const { clock = systemClock, random = systemRandom, logger = silentLogger, prefix, schema, onEvent } = options
  const routes = compileRoutes(options.channels, options.groupWait ?? '10s', options.groupInterval ?? '5m')
  const repeat = milliseconds(options.repeat ?? '4h')
  const keep = milliseconds(options.keep ?? '7d')
  const attempts = options.attempts ?? 8
  if (!Number.isInteger(attempts) || attempts < 1)
    throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({
      option: 'attempts',
      reason: 'it is not a whole number of 1 or more',
    })
  const naming = { prefix, schema }
  const database = options.database ?? sqliteDatabase({ path: ':memory:', clock })
  const migrations = [jobMigrations, notifyMigrations]
  const tables = new NotifyTables(database.dialect, naming)
  const createId = createIdGenerator({ clock, random })
  const jobs = createJobs({
    database,
    ...naming,
    clock,
    random,
    logger,
    // Messages are worth a round trip each; the rest stays free for other processes.
    prefetch: 0,
    onEvent: (event) => tellOf(event, onEvent),
    handlers: {
      [jobName]: {
        attempts,
        backoff: options.backoff ?? { initial: '5s', maximum: '1h' },
        timeout: options.timeout ?? '30s',
        run: (job: Job<DeliveryPayload>, context) => deliver(job, context, { database, tables, routes }),
      },
    },
  })
  const context = { database, tables, jobs, jobName, attempts, routes, createId }
  let preparing: Promise<unknown> | undefined
  let closing: Promise<void> | undefined
  let timer: Timer | undefined
  let started = false
  let pumping: Promise<void> | undefined
  let again = false
  let cleanedAt = Number.NEGATIVE_INFINITY

  /** The memory of this process has no host who could prepare it. */
  async function ready(): Promise<void> {
    if (closing !== undefined) throw notifyErrors.CORE_NOTIFY_CLOSED()
    if (options.database === undefined) await (preparing ??= migrate(database, migrations, { ...naming, clock }))
  }

  async function dispatch(early: boolean, signal: AbortSignal | undefined): Promise<number> {
    const now = clock.now()
    const messages = await dispatchDue({ ...context, signal }, now, early)
    if (now - cleanedAt >= cleanedEvery || now < cleanedAt) {
      await tables.clean(database, now - keep, now - Math.max(keep, repeat))
      cleanedAt = now
    }
    if (messages > 0) jobs.wake()
    return messages
  }

  /** Looks at once, and again when the next group is due; a call while it looks makes it look once more. */
  function pump(): void {
    timer?.cancel()
    again = true
    pumping ??= (async () => {
      let pause = longestPause
      while (again && closing === undefined) {
        again = false
        pause = await look()
      }
      pumping = undefined
      if (closing === undefined) timer = clock.setTimer(pump, pause, { background: true })
    })()
  }

  /** Gives the milliseconds until it is worth looking again. Never rejects. */
  async function look(): Promise<number> {
    try {
      await dispatch(false, undefined)
      const next = await tables.nextDue(database)
      return next === undefined ? longestPause : Math.min(longestPause, Math.max(50, next - clock.now()))
    } catch (error) {
      logger.warn({ err: error }, 'notifications could not be looked for')
      return longestPause
    }
  }

  async function run(early: boolean, { deadline, signal }: FlushOptions): Promise<FlushReport> {
    await ready()
    const messages = await dispatch(early, signal)
    const { done, retried, dead, cancelled } = await jobs.drain({ deadline, signal })
    return { messages, delivered: done, retried, failed: dead + cancelled }
  }

  async function close({ deadline = '30s' }: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    closing ??= (async () => {
      timer?.cancel()
      await pumping
      await jobs.close({ deadline })
      if (options.database === undefined) await database.close()
      await Promise.allSettled([...routes.values()].map(async ({ channel }) => channel.close?.()))
    })()
    return closing
  }

  return {
    migrations,

    async send(notification, { tx, signal } = {}) {
      if (tx !== undefined && options.database === undefined)
        throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({ option: 'tx', reason: 'these notifications have no database' })
      await ready()
      const now = clock.now()
      const record = checkNotification(notification, createId(), now)
      const chosen = routesFor(record, notification.channels, routes)
      const work = (within: Queryable) => accept(within, record, chosen, { tables, now, repeat })
      const places = await (tx === undefined ? database.transaction(work, { signal }) : work(tx))
      if (started) pump()
      return { id: record.id, duplicate: places === undefined, channels: places ?? [] }
    },

    start() {
      if (closing !== undefined) throw notifyErrors.CORE_NOTIFY_CLOSED()
      if (started) return
      started = true
      void ready().then(
        () => {
          if (closing !== undefined) return
          jobs.start()
          pump()
        },
        (error: unknown) => logger.error({ err: error }, 'notifications could not be started'),
      )
    },

    tick: (given = {}) => run(false, given),
    flush: (given = {}) => run(true, given),

    async report(id) {
      await ready()
      const places = await tables.placesOf(database, id)
      return Promise.all(
        places.map(async (place) =>
          deliveryReport(place, place.jobId === undefined ? undefined : await jobs.get(place.jobId)),
        ),
      )
    },

    async retryFailed() {
      await ready()
      return (await jobs.retryDead({ name: jobName })).length
    },

    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

function routesFor(
  record: NotificationRecord,
  named: readonly string[] | undefined,
  routes: ReadonlyMap<string, Route>,
): readonly Route[] {
  if (named === undefined) return [...routes.values()].filter(({ takes }) => takes(record))
  return [...new Set(named)].map((channel) => {
    const route = routes.get(channel)
    if (route === undefined) throw notifyErrors.CORE_NOTIFY_CHANNEL_UNKNOWN({ channel })
    return route
  })
}

const eventTypes: Partial<Record<JobEvent['type'], NotifyEvent['type']>> = {
  done: 'delivered',
  retried: 'retried',
  dead: 'failed',
}

function tellOf({ type, attempt = 1, error }: JobEvent, onEvent: NotifyOptions['onEvent']): void {
  const told = eventTypes[type]
  if (told !== undefined) onEvent?.({ type: told, attempt, error })
}
