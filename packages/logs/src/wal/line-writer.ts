import { frameHeaderSize, frameKinds, writeFrameHeader } from './frame.ts'
import type { SegmentLog } from './segment-log.ts'
import type { SpoolWriter, WriteOutcome, WriterEvents } from './spool-writer.ts'

/** UTF-8 needs at most three bytes for each UTF-16 unit. */
const bytesPerUnit = 3
const roomAtFirst = 64 * 1024

/**
 * The writer of mode `line`: one write(2) for each line, so that a line whose call has returned is in the kernel and
 * outlives its process, however that ends. A frame is a header and the line, from a buffer that is used again: the
 * checksum of the payload is left to the sealer, because it would cost as much as all the rest of the framing.
 */
export function createLineWriter(log: SegmentLog, { onWritten, onLost }: WriterEvents): SpoolWriter {
  let buffer = Buffer.allocUnsafe(roomAtFirst)

  function frame(line: string | Uint8Array): number {
    const room = typeof line === 'string' ? line.length * bytesPerUnit : line.length
    if (frameHeaderSize + room > buffer.length) buffer = Buffer.allocUnsafe(frameHeaderSize + room)
    if (typeof line === 'string') return buffer.write(line, frameHeaderSize)
    buffer.set(line, frameHeaderSize)
    return line.length
  }

  return {
    write(line): WriteOutcome {
      const length = frame(line)
      const sequence = log.nextSequence
      writeFrameHeader(buffer, 0, frameKinds.line, length, sequence, log.salt)
      log.nextSequence = sequence + 1
      try {
        log.appendSync(buffer.subarray(0, frameHeaderSize + length), sequence)
      } catch (thrown) {
        log.refuse(sequence, 1)
        onLost(1, thrown)
        return 'dropped'
      } finally {
        // One huge line must not keep its memory for ever.
        if (buffer.length > 1_048_576) buffer = Buffer.allocUnsafe(roomAtFirst)
      }
      onWritten()
      return 'kept'
    },
    async flush() {
      await log.sync()
    },
    flushSync() {},
    close: () => log.close(),
    waitingBytes: 0,
    waitingLines: 0,
  }
}
