import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import type { ExportCompression } from './export-files.ts'

/** Rows are gathered to this many bytes before they are compressed and sent on. */
const blockSize = 2 ** 20
/** Blocks between the server and the store. */
const mostWaiting = 8

/** Takes rows, and gives the content of an object. */
export interface PartWriter {
  /** Takes a whole row: the bytes are copied. A returned promise asks the sender to wait. */
  push(row: Uint8Array): void | Promise<void>
  /** No more rows come. */
  end(): void
  /** Makes the content end with an error, so that no object comes of it. */
  fail(error: unknown): void
  /** What goes into the store. To be read once. */
  readonly content: AsyncIterable<Uint8Array>
  /** What has come; whole once the content has been read to its end. */
  readonly facts: {
    readonly rows: number
    readonly bytes: number
    readonly stored: number
    readonly frames: readonly (readonly [number, number])[]
    readonly sha256: () => string
  }
}

/**
 * Gathers rows into blocks, each compressed to a frame of its own on the threads of the run time: `zstd -d` reads them as one
 * file, and an import reads them one by one with a known limit.
 */
export function partWriter(compress: ExportCompression, level: number): PartWriter {
  const hash = createHash('sha256')
  const waiting: { readonly bytes: number; readonly frame: Promise<Uint8Array> }[] = []
  const facts = {
    rows: 0,
    bytes: 0,
    stored: 0,
    frames: [] as [number, number][],
    sha256: () => hash.copy().digest('hex'),
  }
  let block = Buffer.allocUnsafe(blockSize)
  let used = 0
  let ended = false
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}
  const senders: (() => void)[] = []
  const resumeSenders = (): void => {
    for (const resume of senders.splice(0)) resume()
  }

  const flush = (bytes: Buffer): void => {
    hash.update(bytes)
    const frame = compress === 'none' ? Promise.resolve(bytes) : compressBlock(bytes, level)
    // Whoever reads the content is told; until then it must not count as unhandled.
    frame.catch(() => {})
    waiting.push({ bytes: bytes.length, frame })
    wake()
  }

  return {
    facts,
    push(row) {
      facts.rows++
      facts.bytes += row.length
      if (used + row.length > blockSize) {
        if (used > 0) flush(block.subarray(0, used))
        block = Buffer.allocUnsafe(blockSize)
        used = 0
      }
      if (row.length > blockSize) flush(Buffer.from(row))
      else {
        block.set(row, used)
        used += row.length
      }
      return waiting.length > mostWaiting && failure === undefined
        ? new Promise((resolve) => void senders.push(resolve))
        : undefined
    },
    end() {
      if (used > 0) flush(block.subarray(0, used))
      used = 0
      ended = true
      wake()
    },
    fail(error) {
      failure ??= { error }
      resumeSenders()
      wake()
    },
    content: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          if (failure !== undefined) throw failure.error
          const next = waiting.shift()
          if (waiting.length <= mostWaiting / 2) resumeSenders()
          if (next !== undefined) {
            const frame = await next.frame
            if (compress !== 'none') facts.frames.push([next.bytes, frame.length])
            facts.stored += frame.length
            yield frame
          } else if (ended) return
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      },
    },
  }
}

const compressAsync = promisify(zstdCompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>

/** The output fits into one piece (zstd's own bound), so that it is one trip to another thread. */
function compressBlock(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: level }
  const chunkSize = bytes.length + (bytes.length >> 7) + 1024
  return compressAsync(bytes, { params, chunkSize, pledgedSrcSize: bytes.length })
}
