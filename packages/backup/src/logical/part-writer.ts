import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { blockPool, type BlockPool } from './block-pool.ts'
import { rowEnd } from './copy-text.ts'
import type { ExportCompression } from './export-files.ts'

/**
 * Rows are gathered to this many bytes before they are compressed and sent on: small enough that what was just written is still in
 * the processor's cache when it is stored, and large enough for zstd to find what repeats.
 */
const blockSizes: Readonly<Record<ExportCompression, number>> = { none: 2 ** 18, zstd: 2 ** 20 }
/** Blocks between the server and the store. */
const mostWaiting = 8

/** Takes rows, and gives the content of an object. */
export interface PartWriter {
  /** Takes whole rows, one without a count: the bytes are copied. A returned promise asks the sender to wait. */
  push(rows: Uint8Array, count?: number): void | Promise<void>
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
export function partWriter(compress: ExportCompression, level: number, pool = blocksFor(compress)): PartWriter {
  const hash = createHash('sha256')
  const waiting: Waiting[] = []
  const { blockSize } = pool
  const facts = {
    rows: 0,
    bytes: 0,
    stored: 0,
    frames: [] as [number, number][],
    sha256: () => hash.copy().digest('hex'),
  }
  let block = pool.take()
  let used = 0
  let ended = false
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}
  const senders: (() => void)[] = []
  const resumeSenders = (): void => {
    for (const resume of senders.splice(0)) resume()
  }

  const flush = (bytes: Buffer, from?: Buffer): void => {
    hash.update(bytes)
    if (compress === 'none') waiting.push({ bytes: bytes.length, frame: bytes, block: from })
    else {
      const frame = compressBlock(bytes, level)
      // Whoever reads the content is told; until then it must not count as unhandled.
      frame.catch(() => {})
      waiting.push({ bytes: bytes.length, frame, block: from })
    }
    wake()
  }
  const startBlock = (): void => {
    flush(block.subarray(0, used), block)
    block = pool.take()
    used = 0
  }

  return {
    facts,
    push(rows, count = 1) {
      facts.rows += count
      facts.bytes += rows.length
      for (let from = 0; from < rows.length;) {
        const until = fitting(rows, from, blockSize - used)
        if (until > from) {
          block.set(from === 0 && until === rows.length ? rows : rows.subarray(from, until), used)
          used += until - from
          from = until
        } else if (used > 0) startBlock()
        else {
          // A row that no block holds makes one of its own.
          const end = rows.indexOf(rowEnd, from) + 1 || rows.length
          flush(Buffer.from(rows.subarray(from, end)))
          from = end
        }
      }
      return waiting.length > mostWaiting && failure === undefined
        ? new Promise((resolve) => void senders.push(resolve))
        : undefined
    },
    end() {
      if (used > 0) flush(block.subarray(0, used), block)
      else pool.give(block)
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
            // A store that asks for the next piece is done with this one.
            if (next.block !== undefined) pool.give(next.block)
          } else if (ended) return
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      },
    },
  }
}

/** Memory for the parts of one export. */
export function blocksFor(compress: ExportCompression): BlockPool {
  return blockPool(blockSizes[compress])
}

interface Waiting {
  /** Bytes of text. */
  readonly bytes: number
  readonly frame: Uint8Array | Promise<Uint8Array>
  /** What is free again once the frame is stored. */
  readonly block: Buffer | undefined
}

/** Where the last row ends that has room; `from` when not even the first one has. */
function fitting(rows: Uint8Array, from: number, room: number): number {
  if (rows.length - from <= room) return rows.length
  return room === 0 ? from : Math.max(from, rows.lastIndexOf(rowEnd, from + room - 1) + 1)
}

const compressAsync = promisify(zstdCompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>

/** The output fits into one piece (zstd's own bound), so that it is one trip to another thread. */
function compressBlock(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: level }
  const chunkSize = bytes.length + (bytes.length >> 7) + 1024
  return compressAsync(bytes, { params, chunkSize, pledgedSrcSize: bytes.length })
}
