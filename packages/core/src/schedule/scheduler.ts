import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Database } from '../database/database.ts'
import type { MigrationNaming, MigrationSet } from '../database/migration.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { createIdGenerator } from '../id/uuid.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { Random } from '../random/random.ts'
import { drainRuns } from './engine/drain-runs.ts'
import { Engine } from './engine/engine.ts'
import { scheduleErrors } from './errors.ts'
import type { RunOutcome, ScheduleEvent } from './events.ts'
import { explain, type ExplainedRun } from './explain.ts'
import { defineJob, type JobOptions } from './job.ts'
import { scheduleMigrations } from './store/migrations.ts'
import type { RunRecord } from './store/records.ts'
import { ScheduleStore } from './store/schedule-store.ts'

/** Options of {@link createScheduler}. */
export interface SchedulerOptions extends MigrationNaming {
  /** Shared by all replicas; it stays open when the scheduler closes. */
  readonly database: Database
  /**
   * How long a replica may be silent before another takes its runs over; renewed every quarter of it. The
   * clocks of the replicas may differ by less than a quarter of it; beyond that a run may be taken over while it goes on.
   * @default '30s'
   */
  readonly lease?: Duration | undefined
  /** The longest time between two looks into the database. @default '5s' */
  readonly poll?: Duration | undefined
  /** Ended runs that are kept for each job. @default 100 */
  readonly history?: number | undefined
  /** Name of this replica in the history. @default a new id */
  readonly owner?: string | undefined
  /** Whether a started scheduler lets the process end. @default false */
  readonly background?: boolean | undefined
  /** Called for everything worth counting. @default none */
  readonly onEvent?: ((event: ScheduleEvent) => void) | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Where the name of the replica comes from. @default systemRandom */
  readonly random?: Random | undefined
}

/** Options of {@link Scheduler.tick}. */
export interface TickOptions {
  /** Runs that have not ended by then are asked to, and given back. @default '30s' */
  readonly deadline?: Duration | undefined
  /** No further slot is claimed after it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** What {@link Scheduler.tick} did. */
export interface TickReport {
  /** Runs that began. */
  readonly started: number
  /** When the next slot or lease is due, as far as it is known. */
  readonly next: Date | undefined
}

/** Runs jobs at the slots of their schedules, once across all replicas that share a database. */
export interface Scheduler extends AsyncDisposable {
  /** The tables, for `migrate`. */
  readonly migrations: MigrationSet
  /** Adds a job, before or after the start. @throws `CORE_SCHEDULE_JOB_TAKEN`, `CORE_SCHEDULE_OPTIONS` */
  add(job: JobOptions): void
  /** Forgets a job and its history on all replicas; one that still has it added must remove it as well. */
  remove(id: string): Promise<void>
  /** Begins to wait for slots. */
  start(): void
  /** For hosts without a long-lived process: runs what is due, waits for it, and returns. */
  tick(options?: TickOptions): Promise<TickReport>
  /** Runs a job at once, in addition to its slots; `busy` when a run is in progress and the job allows only one. */
  runNow(id: string): Promise<RunOutcome | { readonly state: 'busy' }>
  /** No replica begins a run of this job until `resume`; runs in progress go on. */
  pause(id: string): Promise<void>
  /** Slots that passed meanwhile count as missed. */
  resume(id: string): Promise<void>
  /** The next runs of a job and why then. @default count 10 */
  explain(id: string, count?: number): ExplainedRun[]
  /** Runs of a job, latest first. @default limit 20 */
  runs(id: string, options?: { readonly limit?: number | undefined }): Promise<RunRecord[]>
  /** Takes no more slots, lets runs end until the deadline (default 30 s), then aborts their signals and gives them back. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
}

/**
 * A scheduler over a database: embedded with SQLite, for several replicas with PostgreSQL.
 *
 * Each slot of a job is claimed by one replica under a fencing token that grows with every claim. A replica that ends or
 * stands still loses its lease, and another one begins the run again with a greater token; so a run's effect belongs
 * either into the transaction that `complete(tx)` ends (then it happens exactly once), or behind a check of the token, or
 * it must bear repetition.
 *
 * A clock that goes back runs no slot again; one that ran ahead has settled the slots it saw, and `remove` makes the job
 * start afresh. When a deployment changes a job's schedule, the last registration counts:
 * replicas with the old one leave the job alone.
 *
 * @throws `CORE_SCHEDULE_OPTIONS`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createScheduler, every } from '@exprsn/core/schedule'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await using scheduler = createScheduler({ database })
 * await migrate(database, [scheduler.migrations])
 * scheduler.add({ id: 'report', when: every('1h'), run: ({ slot }) => console.log('reporting on', slot) })
 * scheduler.start()
 * console.log((await scheduler.runNow('report')).state) // done
 * ```
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { database, clock = systemClock, history = 100, logger = silentLogger, onEvent = () => {} } = options
  if (!Number.isInteger(history) || history < 1)
    throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option: 'history', reason: 'it is not a positive integer' })
  const store = new ScheduleStore(database, options)
  const engine = new Engine({
    store,
    clock,
    logger,
    history,
    onEvent,
    owner: options.owner ?? createIdGenerator({ clock, random: options.random })(),
    lease: span('lease', options.lease ?? '30s'),
    poll: span('poll', options.poll ?? '5s'),
    background: options.background ?? false,
  })
  const close = ({ deadline = '30s' }: { readonly deadline?: Duration | undefined } = {}): Promise<void> =>
    engine.close(clock.monotonic() + milliseconds(deadline))

  async function setPaused(id: string, isPaused: boolean): Promise<void> {
    engine.assertOpen()
    engine.table.get(id)
    await engine.table.register(store, clock.now())
    await store.setPaused(id, isPaused)
    engine.wake()
  }

  return {
    migrations: scheduleMigrations,
    add(job) {
      engine.assertOpen()
      engine.table.add(defineJob(job))
      engine.wake()
    },
    async remove(id) {
      engine.table.delete(id)
      await store.remove(id)
    },
    start: () => engine.start(),
    tick: (tick = {}) => runTick(engine, clock, tick),
    async runNow(id) {
      engine.assertOpen()
      const run = await engine.runNow(engine.table.get(id))
      return run === undefined ? { state: 'busy' } : run.ended
    },
    pause: (id) => setPaused(id, true),
    resume: (id) => setPaused(id, false),
    explain(id, count = 10) {
      const { when, delay } = engine.table.get(id)
      return explain(when, { count, clock }).map((run) => ({ ...run, runsAt: new Date(run.slot.getTime() + delay) }))
    },
    runs: (id, { limit = 20 } = {}) => store.history(id, limit),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Rounds until nothing is due: a run that ends may let the next slot of a queue begin. */
async function runTick(engine: Engine, clock: Clock, { deadline = '30s', signal }: TickOptions): Promise<TickReport> {
  engine.assertOpen()
  const until = clock.monotonic() + milliseconds(deadline)
  const canClaim = (): boolean => clock.monotonic() < until && signal?.aborted !== true
  let started = 0
  for (;;) {
    const round = await engine.round(canClaim)
    started += round.started
    await drainRuns(engine.runs, clock, until)
    if (round.started === 0 || !canClaim())
      return { started, next: round.next === undefined ? undefined : new Date(round.next) }
  }
}

function span(option: string, value: Duration): number {
  const length = milliseconds(value)
  if (length < 1) throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option, reason: 'it is shorter than a millisecond' })
  return length
}
