import type { Duration } from '@exprsn/core'
import type { LogRecord } from '../record/log-record.ts'

/** Lines for one call of a sink. */
export interface LogBatch {
  readonly records: readonly LogRecord[]
  /** The same for the same lines: `<id of the first>+<count>`. Names what repetitions have in common. */
  readonly id: string
}

/** What a sink is given with a batch. */
export interface SinkContext {
  /** Aborts when the shipper gives up waiting: at the deadline of `close`. */
  readonly signal: AbortSignal
  /** 1, 2, … for the same lines. */
  readonly attempt: number
}

/** A line that will never be taken. */
export interface RejectedLine {
  /** Its place in the batch. */
  readonly index: number
  /** The sink's words. */
  readonly reason: string
}

/** What became of a batch that was not refused as a whole. Lines named nowhere were taken. */
export interface SinkOutcome {
  /** Go to the dead letters. @default [] */
  readonly rejected?: readonly RejectedLine[] | undefined
  /** Places of lines to send again. @default [] */
  readonly retry?: readonly number[] | undefined
  /** Milliseconds to wait before that. @default the shipper's backoff */
  readonly retryAfterMs?: number | undefined
}

/** Largest batch that a sink is given. */
export interface SinkLimits {
  /** Lines. @default 5000 */
  readonly records?: number | undefined
  /** Bytes of the lines. @default 1 MiB */
  readonly bytes?: number | undefined
}

/**
 * What a store of our own says, for which the spool is the write-ahead log: lines that it has taken may be in its memory
 * alone, because after a crash it is given again what it had not made safe: nothing has to be written to a log of the
 * store's own. Lines that it holds may come again as well, after a failure; it knows them by source and sequence. The
 * shipper keeps no checkpoint for it, and removes from the spool what the store says.
 */
export interface KeptPlaces {
  /**
   * Sequence of the first line of a source that would be lost if the process ended now: 1 for a source that it does not
   * know. A source is the part of `record.id` before its last `-`, the sequence the number behind it. It stands beside the
   * lines, so that both are there or neither is. Asked before the first line of a source and after each batch.
   */
  positionOf(source: string): Promise<number>
  /** Makes everything taken before safe. Asked by `flush` and `close`, and when the folder of a dead process is through. */
  settle(context: SinkContext): Promise<void>
}

/**
 * A place where lines go. `send` resolves only when the lines are as safe there as they will ever be: from then on they may
 * be gone from the spool. It may be called again with lines that were taken, after a crash or a lost answer: a sink that
 * can tells repetitions by `record.id`.
 *
 * What `send` throws decides: `LOGS_SINK_REFUSED` and `LOGS_SINK_TOO_LARGE` let the batch be divided until single lines
 * become dead letters; anything else is tried again after a while, as long as it takes. `details.retryAfterMs` says when.
 */
export interface Sink {
  /** Unique in a shipper; stands in metrics, checkpoints and dead letters: do not change it without need. */
  readonly name: string
  /** @default 5000 lines, 1 MiB */
  readonly limits?: SinkLimits | undefined
  /** How long lines wait for others beyond the shipper's own `linger`: for sinks that dislike small batches. @default 0 */
  readonly linger?: Duration | undefined
  /** Of a store that keeps its own place in the spool; `send` then need not make lines safe. @default none */
  readonly places?: KeptPlaces | undefined
  send(batch: LogBatch, context: SinkContext): Promise<SinkOutcome | void>
  /** Called before the first batch, and again until it succeeds: templates, tables, connections. */
  prepare?(context: SinkContext): Promise<void>
  /** Releases what the sink holds. */
  close?(): Promise<void>
}
