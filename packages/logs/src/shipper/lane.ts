import { ExprsnError, milliseconds, randomFraction, type Clock, type Logger, type Random } from '@exprsn/core'
import { circuitBreaker, policy, type CircuitBreaker, type Policy } from '@exprsn/core/resilience'
import type { Sink } from '../sink/sink.ts'
import { openCheckpoint, type Checkpoint } from '../wal/checkpoint.ts'
import type { AdoptedFolder } from '../wal/adopt-folders.ts'
import type { SegmentLog } from '../wal/segment-log.ts'
import type { Spool } from '../wal/spool.ts'
import { SpoolReader, type LossReason, type ReadBatch, type ReadLimits } from '../wal/spool-reader.ts'
import type { DeadLetters } from './dead-letters.ts'
import { deliver } from './deliver.ts'
import { keptCheckpoint } from './kept-checkpoint.ts'
import { Wakeup } from './wakeup.ts'

/** A folder that lines are read from. */
export type LaneSource = SegmentLog | AdoptedFolder

/** What a {@link Lane} is made with. */
export interface LaneOptions {
  readonly sink: Sink
  readonly spool: Spool
  readonly deadLetters: DeadLetters
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Milliseconds. */
  readonly backoff: number
  /** Milliseconds. */
  readonly maxBackoff: number
  /** The folders to read, oldest first; the last is that of this process. */
  readonly sources: () => readonly LaneSource[]
  /** The lane has lines of a source behind it, or all of an adopted one. */
  readonly onProgress: (lane: Lane, source: LaneSource, isFinished: boolean) => Promise<void>
}

/** No sink may put us off for longer, whatever it says. */
const longestRetryAfter = 300_000
const defaultRecords = 5_000
const defaultBytes = 2 ** 20

interface Reading {
  readonly reader: SpoolReader
  readonly checkpoint: Checkpoint
}

/** One sink's way through the spool: it reads, delivers, and moves its checkpoint, at its own pace. */
export class Lane {
  readonly sink: Sink
  /** Lines that the sink took, or that are dead letters. */
  delivered = 0
  /** Attempts that failed. */
  failures = 0
  /** Lines that could not be read any more when it was their turn. */
  readonly lost: Record<LossReason, number> = { dropped: 0, damaged: 0 }
  /** The last failure, until something succeeds. */
  lastError: unknown
  readonly #options: LaneOptions
  readonly #breaker: CircuitBreaker
  readonly #guarded: Policy
  readonly #wakeup = new Wakeup()
  readonly #readings = new Map<LaneSource, Reading>()
  readonly #finished = new WeakSet<LaneSource>()
  readonly #abort = new AbortController()
  readonly #limits: ReadLimits
  #isPrepared = false
  #isToSettle = false
  #loggedAt = -Infinity
  #running: Promise<void> | undefined

  constructor(options: LaneOptions) {
    this.#options = options
    this.sink = options.sink
    const { clock, maxBackoff, sink } = options
    this.#limits = { records: sink.limits?.records ?? defaultRecords, bytes: sink.limits?.bytes ?? defaultBytes }
    this.#breaker = circuitBreaker({
      name: options.sink.name,
      minimumCalls: 5,
      window: '1m',
      openFor: maxBackoff,
      clock,
    })
    this.#guarded = policy(this.#breaker)
  }

  get deadLetters(): DeadLetters {
    return this.#options.deadLetters
  }

  /** `closed` while the sink answers. */
  get circuit(): CircuitBreaker['state'] {
    return this.#breaker.state
  }

  /** Sequence of the next line that the sink needs from a source. */
  position(source: LaneSource): number {
    return this.#readings.get(source)?.checkpoint.sequence ?? 1
  }

  /** Whether the sink has all of an adopted folder. */
  hasFinished(source: LaneSource): boolean {
    return this.#finished.has(source)
  }

  /** Begins, if it has not; lines are there to be read. */
  wake(): void {
    this.#wakeup.wake()
    this.#running ??= this.#run().catch((thrown: unknown) => this.#report(thrown))
  }

  /** Tries at once instead of waiting any longer. */
  hurry(): void {
    this.#isToSettle = this.sink.places !== undefined
    this.wake()
    this.#wakeup.hurry()
  }

  /** Stops where it is; what is under way is given up. */
  async stop(): Promise<void> {
    this.#abort.abort(new DOMException('The shipper was closed.', 'AbortError'))
    this.#wakeup.hurry()
    await this.#running
    for (const { reader, checkpoint } of this.#readings.values()) {
      await reader.close().catch(() => {})
      await checkpoint.close().catch(() => {})
    }
    await this.#options.deadLetters.close().catch(() => {})
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    let failures = 0
    let turn = 0
    // What has just begun waits for others of its kind as well.
    await this.#idle()
    while (!signal.aborted) {
      const sources = this.#options.sources().filter((each) => !this.#finished.has(each))
      const source = sources[turn % Math.max(1, sources.length)]
      try {
        const hasAdvanced = source !== undefined && (await this.#advance(source))
        if (hasAdvanced) failures = 0
        else if (turn === 0 && this.#isToSettle) await this.#settle()
        else if (turn === 0) await this.#idle()
        if (!hasAdvanced) turn = 0
      } catch (thrown) {
        if (signal.aborted) return
        // A folder that cannot be read must not keep the others waiting: the next one has its turn.
        turn++
        await this.#pause(++failures, thrown, undefined).catch(() => {})
      }
    }
  }

  /** What the sink holds in memory becomes safe, for whoever waits in `flush`. */
  async #settle(): Promise<void> {
    for (const [source, { checkpoint }] of this.#readings) {
      await checkpoint.settle?.(this.#abort.signal)
      await this.#options.onProgress(this, source, false)
    }
    this.#isToSettle = false
  }

  /** Until there are lines, and then until the sink thinks it worth a call. */
  async #idle(): Promise<void> {
    await this.#wakeup.wait()
    const linger = milliseconds(this.sink.linger ?? 0)
    if (linger > 0 && !this.#wakeup.isHurried && !this.#abort.signal.aborted)
      await this.#wakeup.sleep(this.#options.clock, linger)
  }

  /** Delivers the next lines of a source; false when there are none yet. */
  async #advance(source: LaneSource): Promise<boolean> {
    const { reader, checkpoint } = await this.#reading(source)
    let batch: ReadBatch
    try {
      batch = await reader.read(this.#limits)
      if (batch.records.length > 0) await this.#deliver(batch.records)
    } catch (thrown) {
      // The reader is past lines that were not delivered: another one begins at the checkpoint.
      await this.#forget(source)
      throw thrown
    }
    this.delivered += batch.records.length
    const before = checkpoint.sequence
    try {
      await checkpoint.advance(batch.next)
    } catch (thrown) {
      // The sink has them: a checkpoint that cannot be written costs repetitions after a crash.
      this.#report(thrown)
    }
    const isFinished = batch.records.length === 0 && source !== this.#options.spool.log
    if (isFinished) {
      await checkpoint.settle?.(this.#abort.signal)
      this.#finished.add(source)
      await this.#forget(source)
    }
    if (checkpoint.sequence > before || isFinished) await this.#options.onProgress(this, source, isFinished)
    return batch.records.length > 0 || isFinished
  }

  async #reading(source: LaneSource): Promise<Reading> {
    const known = this.#readings.get(source)
    if (known !== undefined) return known
    const { disk } = this.#options.spool
    const { name, places } = this.sink
    const checkpoint =
      places === undefined ? await openCheckpoint(disk, source.folder, name) : await keptCheckpoint(places, source.id)
    const reader = new SpoolReader(disk, source, checkpoint.sequence, {
      onLoss: (lines, reason, error) => {
        this.lost[reason] += lines
        this.#report(error)
      },
    })
    const reading = { reader, checkpoint }
    this.#readings.set(source, reading)
    return reading
  }

  async #forget(source: LaneSource): Promise<void> {
    const reading = this.#readings.get(source)
    this.#readings.delete(source)
    await reading?.reader.close().catch(() => {})
    await reading?.checkpoint.close().catch(() => {})
  }

  async #deliver(records: Parameters<typeof deliver>[0]): Promise<void> {
    const { signal } = this.#abort
    await deliver(records, {
      signal,
      send: async (batch, context) => {
        const outcome = await this.#guarded(
          async (scope) => {
            await this.#prepare(context.attempt, scope.signal)
            return this.sink.send(batch, { ...context, signal: scope.signal })
          },
          { signal },
        )
        this.lastError = undefined
        return outcome
      },
      bury: (letters) => this.#options.deadLetters.add(letters),
      pause: (attempt, error, retryAfterMs) => this.#pause(attempt, error, retryAfterMs),
    })
  }

  async #prepare(attempt: number, signal: AbortSignal): Promise<void> {
    if (this.#isPrepared) return
    await this.sink.prepare?.({ attempt, signal })
    this.#isPrepared = true
  }

  async #pause(attempt: number, error: unknown, retryAfterMs: number | undefined): Promise<void> {
    if (error !== undefined) {
      this.failures++
      this.lastError = error
      this.#report(error)
    }
    const { clock, random, backoff, maxBackoff } = this.#options
    const wait = Math.min(maxBackoff, backoff * 2 ** Math.min(20, attempt - 1))
    const jittered = wait * (0.5 + randomFraction(random) / 2)
    const asked = Math.min(retryAfterMs ?? 0, Math.max(maxBackoff, longestRetryAfter))
    await this.#wakeup.sleep(clock, Math.max(asked, jittered))
    this.#abort.signal.throwIfAborted()
  }

  #report(error: unknown): void {
    const { clock, logger, sink } = this.#options
    const now = clock.monotonic()
    if (now - this.#loggedAt < 10_000 || (ExprsnError.is(error) && error.code === 'CORE_CIRCUIT_OPEN')) return
    this.#loggedAt = now
    try {
      logger.warn(
        { err: error, sink: sink.name, failures: this.failures, lost: { ...this.lost } },
        'A log sink is failing.',
      )
    } catch {
      // A logger that fails must not stop the lane.
    }
  }
}
