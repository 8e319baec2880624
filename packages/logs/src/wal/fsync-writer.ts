import type { Clock, Timer } from '@exprsn/core'
import { BatchBuffer } from './batch-buffer.ts'
import type { SegmentLog } from './segment-log.ts'
import type { SpoolWriter, WriteOutcome, WriterEvents } from './spool-writer.ts'

/** Bounds of what waits for a group commit. */
export interface FsyncWriterOptions {
  readonly clock: Clock
  /** Milliseconds from the first line of a group to its commit, when none is under way. */
  readonly flushInterval: number
  /** Bytes that may wait while commits fail. */
  readonly mostWaiting: number
}

/** A writer whose lines can be waited for. */
export interface FsyncWriter extends SpoolWriter {
  /** Resolves when every line taken before is durable. */
  committed(): Promise<void>
}

/**
 * The writer of mode `fsync`: group commit. The lines that come while one group is written and synced are the next group;
 * whoever waits for `committed()` or `flush()` has them on the platter, and they outlive a power loss.
 */
export function createFsyncWriter(
  log: SegmentLog,
  { onWritten, onLost }: WriterEvents,
  { clock, flushInterval, mostWaiting }: FsyncWriterOptions,
): FsyncWriter {
  let filling = new BatchBuffer(65_536)
  let committing = new BatchBuffer(65_536)
  let timer: Timer | undefined
  let underWay: Promise<void> | undefined
  let isClosed = false
  /** Whether lines were written at once, without a sync. */
  let wasFlushed = false
  /** Sequence of the first line that is neither durable nor lost. */
  let settledBefore = 1

  function begin(): Promise<void> {
    timer?.cancel()
    timer = undefined
    return (underWay ??= commit().finally(() => {
      underWay = undefined
      if (filling.lines > 0 && timer === undefined && !isClosed) schedule(0)
    }))
  }

  async function commit(): Promise<void> {
    if (filling.lines === 0) return
    ;[filling, committing] = [committing, filling]
    const { firstSequence, lines } = committing
    const frame = committing.frame(log.salt)
    try {
      // After a failed fsync nobody knows what the file holds: the same frame goes to a new segment, once.
      await log.appendDurably(frame, firstSequence).catch(() => log.appendDurably(frame, firstSequence))
    } catch (thrown) {
      log.refuse(firstSequence, lines)
      onLost(lines, thrown)
      throw thrown
    } finally {
      committing.clear()
      settledBefore = firstSequence + lines
    }
    onWritten()
  }

  function schedule(delay: number): void {
    timer = clock.setTimer(() => void begin().catch(() => {}), delay, { background: true })
  }

  /** Everything that was taken until now, and not what comes while this waits. */
  async function committed(): Promise<void> {
    const wanted = log.nextSequence
    while (settledBefore < wanted && (underWay !== undefined || filling.lines > 0)) await begin()
    if (!wasFlushed) return
    await log.sync()
    wasFlushed = false
  }

  return {
    write(line): WriteOutcome {
      if (filling.size > mostWaiting) {
        onLost(1, undefined)
        return 'dropped'
      }
      filling.add(line, log.nextSequence++)
      if (underWay === undefined && timer === undefined) schedule(flushInterval)
      return 'held'
    },
    committed,
    flush: committed,
    flushSync(isLast = false) {
      // The group under way and the one after it have these lines in a moment.
      if (underWay !== undefined && !isLast) return
      for (const batch of [committing, filling]) {
        if (batch.lines === 0) continue
        wasFlushed = true
        try {
          log.appendSync(batch.frame(log.salt), batch.firstSequence)
        } catch (thrown) {
          log.refuse(batch.firstSequence, batch.lines)
          onLost(batch.lines, thrown)
        }
        batch.clear()
      }
    },
    async close() {
      isClosed = true
      await committed().catch(() => {})
      timer?.cancel()
      await log.close()
    },
    get waitingBytes() {
      return filling.size + committing.size
    },
    get waitingLines() {
      return filling.lines + committing.lines
    },
  }
}
