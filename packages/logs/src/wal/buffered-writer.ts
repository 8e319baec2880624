import type { Clock, Timer } from '@exprsn/core'
import { BatchBuffer } from './batch-buffer.ts'
import type { SegmentLog } from './segment-log.ts'
import type { SpoolWriter, WriteOutcome, WriterEvents } from './spool-writer.ts'

/** Bounds of what a buffered log holds back. */
export interface BufferedWriterOptions {
  readonly clock: Clock
  /** Bytes. */
  readonly flushBytes: number
  /** Milliseconds. */
  readonly flushInterval: number
  /** Bytes that may wait while writes fail. */
  readonly mostWaiting: number
}

/**
 * The writer of mode `buffered`: lines wait until there are `flushBytes` of them, or `flushInterval` has passed since the
 * first. A process that is killed loses at most those; one that ends in any other way flushes them. The timer does not
 * begin with each turn of the loop: a server that writes two lines a turn would flush for each pair.
 */
export function createBufferedWriter(
  log: SegmentLog,
  { onWritten, onLost }: WriterEvents,
  { clock, flushBytes, flushInterval, mostWaiting }: BufferedWriterOptions,
): SpoolWriter {
  const batch = new BatchBuffer(flushBytes + 16_384)
  let timer: Timer | undefined

  function flush(): void {
    timer?.cancel()
    timer = undefined
    if (batch.lines === 0) return
    log.appendSync(batch.frame(log.salt), batch.firstSequence)
    batch.clear()
    onWritten()
  }

  /** A failure keeps the lines for the next try, until there are too many. */
  function tryFlush(): void {
    try {
      flush()
    } catch (thrown) {
      if (batch.size > mostWaiting) loseWaiting(thrown)
      else timer = clock.setTimer(tryFlush, flushInterval * 10, { background: true })
    }
  }

  function loseWaiting(thrown: unknown): void {
    const { lines } = batch
    log.refuse(batch.firstSequence, lines)
    batch.clear()
    onLost(lines, thrown)
  }

  return {
    write(line): WriteOutcome {
      batch.add(line, log.nextSequence++)
      if (batch.size >= flushBytes) {
        // While writes fail, each further line would try again.
        if (timer === undefined || batch.size > mostWaiting || batch.size < flushBytes * 2) tryFlush()
      } else timer ??= clock.setTimer(tryFlush, flushInterval, { background: true })
      return 'held'
    },
    async flush() {
      flush()
      await log.sync()
    },
    flushSync() {
      try {
        flush()
      } catch (thrown) {
        loseWaiting(thrown)
      }
    },
    async close() {
      try {
        flush()
      } catch (thrown) {
        loseWaiting(thrown)
      }
      await log.close()
    },
    get waitingBytes() {
      return batch.lines === 0 ? 0 : batch.size
    },
    get waitingLines() {
      return batch.lines
    },
  }
}
