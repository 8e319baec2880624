import { milliseconds, systemRandom } from '@exprsn/core'
import type { HealthCheck } from '@exprsn/core/health'
import { Spool } from '../wal/spool.ts'
import type { WriteOutcome } from '../wal/spool-writer.ts'
import { DeadLetters } from './dead-letters.ts'
import { shipperErrors } from './errors.ts'
import { Lane, type LaneSource } from './lane.ts'
import { lineStream, type LineStream } from './line-stream.ts'
import { registerMetrics } from './shipper-metrics.ts'
import type { DeadlineOptions, ShipperOptions } from './shipper-options.ts'
import type { ShipperStatus } from './shipper-status.ts'

/** What {@link Shipper.flush} and `close` came to. */
export interface FlushResult {
  /** Lines that some sink does not have yet. They stay in the spool. */
  readonly pending: number
}

/** Takes log lines, keeps them on disk, and brings them to the sinks. */
export interface Shipper extends AsyncDisposable {
  /**
   * Takes one line, at once; never throws and never waits. What `kept` and `held` promise depends on `durability`.
   * A newline at its end is not part of it.
   */
  write(line: string | Uint8Array): WriteOutcome
  /**
   * Takes one line for callers that can wait: for room with `onFull: 'block'`, and with `fsync` until it is durable.
   *
   * @throws `LOGS_WAL_FULL`, `LOGS_WAL_WRITE_FAILED`, `LOGS_WAL_CLOSED`, and the signal's reason.
   */
  append(line: string | Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /** A destination for `pino(shipper.stream())` and anything else that calls `write(text)` for each line. */
  stream(): LineStream
  /** Adopts what dead processes left and begins to ship, without waiting for a first line. */
  start(): Promise<void>
  /**
   * Brings all lines taken before to all sinks, trying at once what waits for a repetition; or gives up at the deadline
   * (`30s`). The bounded twin of the background work, for hosts that freeze between requests.
   */
  flush(options?: DeadlineOptions): Promise<FlushResult>
  /** As far as possible at once: lines are in the log, where the next process finds them. */
  flushSync(): void
  /** Takes no more lines, ships what it can until the deadline (`5s`), and leaves the rest to the next process. */
  close(options?: DeadlineOptions): Promise<FlushResult>
  /** Figures of this moment. */
  status(): ShipperStatus
  /** For `createHealth`: fails while lines are being lost, and when a sink is failing. */
  healthCheck(): HealthCheck
}

/**
 * Ships log lines without losing them: each is in a write-ahead log before anything else happens, and leaves it when every
 * sink has said yes. Sinks that are down, slow or picky cost neither lines nor the host's time. It starts nothing before
 * the first line or `start()`.
 *
 * @throws `LOGS_SHIPPER_OPTION_INVALID`, `CORE_DURATION_INVALID`
 * @example
 * ```ts
 * import { createShipper, memorySink } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * shipper.write('{"level":30,"msg":"started"}') // in the kernel when it returns
 * await shipper.flush()
 * console.log(sink.records.length) // 1
 * await shipper.close()
 * ```
 */
export function createShipper(options: ShipperOptions): Shipper {
  return new SpoolShipper(options)
}

/** Milliseconds: sinks that are well have lines long before, and then nothing is summed up for them. */
const sealAfter = 5_000

class SpoolShipper implements Shipper {
  readonly #spool: Spool
  readonly #lanes: readonly Lane[]
  readonly #linger: number
  readonly #adoptInterval: number
  #isArmed = false
  #isSealArmed = false
  #started: Promise<void> | undefined
  #closing: Promise<FlushResult> | undefined
  readonly #waiting = new Set<() => void>()
  #lossesSeen = 0

  constructor(options: ShipperOptions) {
    checkOptions(options)
    this.#linger = milliseconds(options.linger ?? '200ms')
    this.#adoptInterval = milliseconds(options.adoptInterval ?? '10s')
    this.#spool = new Spool(options)
    this.#spool.onWritten = () => this.#written()
    this.#lanes = options.sinks.map((sink) => this.#createLane(sink, options))
    if (options.metrics !== undefined) registerMetrics(options.metrics, () => this.status())
  }

  write(line: string | Uint8Array): WriteOutcome {
    return this.#spool.write(line)
  }

  append(line: string | Uint8Array, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.#spool.append(line, options.signal)
  }

  stream(): LineStream {
    return lineStream(this)
  }

  start(): Promise<void> {
    return (this.#started ??= this.#start())
  }

  async flush({ deadline = '30s', signal }: DeadlineOptions = {}): Promise<FlushResult> {
    await this.#spool.flush().catch(() => {})
    await this.start()
    const wanted = this.#spool.log.nextSequence
    const isDone = (): boolean =>
      this.#spool.adopted.length === 0 && this.#lanes.every((lane) => this.#missing(lane, wanted) === 0)
    for (const lane of this.#lanes) lane.hurry()
    await this.#until(isDone, milliseconds(deadline), signal)
    return { pending: this.#pending() }
  }

  flushSync(): void {
    this.#spool.flushSync()
  }

  close({ deadline = '5s', signal }: DeadlineOptions = {}): Promise<FlushResult> {
    return (this.#closing ??= this.#close({ deadline, signal }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  status(): ShipperStatus {
    const { log, losses, cut, bytes, lines, adopted, maxSpool, durability } = this.#spool
    return {
      durability,
      lines,
      cut,
      dropped: { ...losses },
      spool: { bytes, limit: maxSpool, segments: log.segments.length, adopted: adopted.length },
      sinks: this.#lanes.map((lane) => ({
        name: lane.sink.name,
        delivered: lane.delivered,
        pending: this.#pendingOf(lane),
        failures: lane.failures,
        lost: { ...lane.lost },
        deadLetters: lane.deadLetters.count,
        deadLettersDropped: lane.deadLetters.dropped,
        circuit: lane.circuit,
        lastError: codeOf(lane.lastError),
      })),
    }
  }

  healthCheck(): HealthCheck {
    return {
      type: 'log-shipper',
      critical: false,
      check: () => {
        const { dropped, sinks } = this.status()
        const losses = dropped.full + dropped.failed
        const isLosing = losses > this.#lossesSeen
        this.#lossesSeen = losses
        if (isLosing) throw shipperErrors.LOGS_SHIPPER_LOSING({ ...dropped })
        const failing = sinks.find(({ circuit, lastError }) => circuit !== 'closed' || lastError !== undefined)
        if (failing === undefined) return undefined
        const { name: sink, pending, lastError: reason } = failing
        throw shipperErrors.LOGS_SHIPPER_BEHIND({ sink, pending, reason: reason ?? 'its circuit is open' })
      },
    }
  }

  #createLane(sink: ShipperOptions['sinks'][number], options: ShipperOptions): Lane {
    const { disk, clock, logger, spool, log } = this.#spool
    const limit = options.maxDeadLetters ?? 64 * 2 ** 20
    return new Lane({
      sink,
      spool: this.#spool,
      clock,
      logger,
      random: options.random ?? systemRandom,
      backoff: milliseconds(options.backoff ?? '250ms'),
      maxBackoff: milliseconds(options.maxBackoff ?? '10s'),
      deadLetters: new DeadLetters({ disk, clock, spool, sink: sink.name, id: log.id, limit }),
      sources: () => [...this.#spool.adopted, log],
      onProgress: (_lane, source, isFinished) => this.#advanced(source, isFinished),
    })
  }

  /** For every line: it must cost next to nothing. */
  #written(): void {
    if (this.#isArmed) return
    this.#isArmed = true
    this.#spool.clock.setTimer(() => void this.#wake(), this.#linger, { background: true })
  }

  async #wake(): Promise<void> {
    this.#isArmed = false
    if (this.#closing !== undefined) return
    await this.start().catch(() => {})
    for (const lane of this.#lanes) lane.wake()
    this.#armSeal()
  }

  /** What some sink does not have after a while gets its checksums: it may have to wait for another process. */
  #armSeal(): void {
    if (this.#isSealArmed) return
    this.#isSealArmed = true
    const mark = this.#spool.mark()
    const seal = async (): Promise<void> => {
      this.#isSealArmed = false
      if (this.#closing !== undefined) return
      await this.#spool.seal(mark, this.#delivered()).catch(() => {})
      if (this.#spool.log.nextSequence > mark.sequence) this.#armSeal()
    }
    this.#spool.clock.setTimer(() => void seal(), sealAfter, { background: true })
  }

  /** Every line of this process before this one is with every sink. */
  #delivered(): number {
    const { log } = this.#spool
    return this.#lanes.length === 0 ? 0 : Math.min(...this.#lanes.map((lane) => lane.position(log)))
  }

  async #start(): Promise<void> {
    await this.#adopt()
    for (const lane of this.#lanes) lane.wake()
  }

  async #adopt(): Promise<void> {
    if (this.#closing !== undefined) return
    const found = await this.#spool.adopt().catch(() => [])
    if (found.length > 0) for (const lane of this.#lanes) lane.wake()
    const again = (): void => {
      if (this.#closing === undefined) void this.#adopt()
    }
    this.#spool.clock.setTimer(again, this.#adoptInterval, { background: true })
  }

  /** Removes what every sink has. */
  async #advanced(source: LaneSource, isFinished: boolean): Promise<void> {
    if (isFinished && source !== this.#spool.log) {
      const folder = this.#spool.adopted.find((each) => each === source)
      if (folder !== undefined && this.#lanes.every((lane) => lane.hasFinished(source)))
        await this.#spool.release(folder, true)
    } else await this.#removeDelivered(source)
    for (const check of [...this.#waiting]) check()
  }

  async #removeDelivered(source: LaneSource): Promise<void> {
    const least = Math.min(...this.#lanes.map((lane) => lane.position(source)))
    const segments = [...source.segments]
    for (const [index, segment] of segments.entries()) {
      const end = segments[index + 1]?.firstSequence
      if (!segment.closed || end === undefined || end > least) return
      await this.#spool.removeSegment(source, segment)
    }
  }

  async #close({ deadline = '5s', signal }: DeadlineOptions): Promise<FlushResult> {
    await this.#spool.stop()
    const hasLines = this.#spool.lines > 0 || this.#started !== undefined
    const { pending } = hasLines ? await this.flush({ deadline, signal }) : { pending: 0 }
    await Promise.all(this.#lanes.map((lane) => lane.stop()))
    const { log } = this.#spool
    const isDelivered = (): boolean =>
      this.#lanes.length > 0 && this.#lanes.every((lane) => this.#missing(lane, log.nextSequence) === 0)
    await this.#spool.close(isDelivered)
    for (const { sink } of this.#lanes) await sink.close?.().catch(() => {})
    return { pending }
  }

  #pending(): number {
    return Math.max(0, ...this.#lanes.map((lane) => this.#pendingOf(lane)))
  }

  /** Lines of this process before a sequence that a sink does not have; what the disk refused was never there. */
  #missing(lane: Lane, until: number): number {
    const { log } = this.#spool
    const position = lane.position(log)
    return position >= until ? 0 : until - position - log.refusedBetween(position, until)
  }

  /** Lines that a sink does not have, those of adopted folders by their segments' places. */
  #pendingOf(lane: Lane): number {
    const { log, adopted } = this.#spool
    const own = this.#missing(lane, log.nextSequence)
    const foreign = adopted.filter((source) => !lane.hasFinished(source)).length
    return own + foreign
  }

  #until(isDone: () => boolean, limit: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (isDone() || signal?.aborted) end()
      }
      const end = (): void => {
        timer.cancel()
        this.#waiting.delete(check)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = this.#spool.clock.setTimer(end, limit)
      this.#waiting.add(check)
      signal?.addEventListener('abort', end, { once: true })
      check()
    })
  }
}

function checkOptions({ sinks, spool, maxSpool = 1, segmentBytes = 4_096 }: ShipperOptions): void {
  const refuse = (option: string, value: unknown): never => {
    throw shipperErrors.LOGS_SHIPPER_OPTION_INVALID({ option, value })
  }
  if (typeof spool !== 'string' || spool === '') refuse('spool', spool)
  if (!Array.isArray(sinks)) refuse('sinks', sinks)
  const names = sinks.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index || name === '')
  if (twice !== undefined) refuse('sinks', `two sinks named "${twice}"`)
  if (!(maxSpool > 0)) refuse('maxSpool', maxSpool)
  if (!(segmentBytes >= 1_024)) refuse('segmentBytes', segmentBytes)
}

function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'UNKNOWN'
}
