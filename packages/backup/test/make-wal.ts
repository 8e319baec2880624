import { crc32c } from '@exprsn/core/bytes'
import { walPage } from '../src/wal/page-header.ts'
import { segmentName } from '../src/wal/segment.ts'

/** A record of a test log. */
export interface TestRecord {
  readonly resourceManager?: number | undefined
  readonly info?: number | undefined
  readonly transactionId?: number | undefined
  /** The record's own data, without the length in front of it. */
  readonly data?: Uint8Array | undefined
}

/** Options of {@link makeWal}. */
export interface MakeWalOptions {
  readonly records: readonly TestRecord[]
  /** Start of a segment. */
  readonly start?: bigint | undefined
  readonly segmentSize?: number | undefined
  readonly timeline?: number | undefined
  readonly systemIdentifier?: bigint | undefined
}

/** A log as PostgreSQL would write it. */
export interface TestWal {
  /** Whole segments by file name; after the last record there are zeros. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The bytes from `start` on. */
  readonly bytes: Uint8Array
  readonly starts: readonly bigint[]
  readonly end: bigint
}

/** A commit record at a time in microseconds since 2000. */
export function commit(transactionId: number, time: bigint): TestRecord {
  const data = Buffer.alloc(12)
  data.writeBigInt64LE(time)
  return { resourceManager: 1, info: 0, transactionId, data }
}

/** A named restore point. */
export function restorePoint(name: string): TestRecord {
  const data = Buffer.alloc(72)
  data.write(name, 8)
  return { resourceManager: 0, info: 0x70, data }
}

/** The record after which a segment is left unused. */
export const logSwitch: TestRecord = { resourceManager: 0, info: 0x40 }

/** Writes records across pages and segments, header by header. */
export function makeWal(options: MakeWalOptions): TestWal {
  const { records, start = 0x1000000n, segmentSize = 1 << 20, timeline = 1, systemIdentifier = 77n } = options
  const pages: Buffer[] = []
  const starts: bigint[] = []
  let offset = 0
  let previous = 0n

  const openPage = (continuation: number): void => {
    const address = start + BigInt(pages.length * walPage)
    const long = address % BigInt(segmentSize) === 0n
    const page = Buffer.alloc(walPage)
    page.writeUInt16LE(0xd116, 0)
    page.writeUInt16LE((long ? 2 : 0) | (continuation > 0 ? 1 : 0), 2)
    page.writeUInt32LE(timeline, 4)
    page.writeBigUInt64LE(address, 8)
    page.writeUInt32LE(continuation, 16)
    if (long) {
      page.writeBigUInt64LE(systemIdentifier, 24)
      page.writeUInt32LE(segmentSize, 32)
      page.writeUInt32LE(walPage, 36)
    }
    pages.push(page)
    offset = long ? 40 : 24
  }
  const here = (): bigint => start + BigInt((pages.length - 1) * walPage + offset)

  for (const record of records) {
    if (pages.length === 0 || offset === walPage) openPage(0)
    starts.push(here())
    const bytes = encode(record, previous)
    previous = here()
    for (let from = 0; from < bytes.length;) {
      if (offset === walPage) openPage(bytes.length - from)
      const taken = bytes.copy(pages.at(-1)!, offset, from)
      from += taken
      offset += taken
    }
    offset = Math.ceil(offset / 8) * 8
    if (record === logSwitch) {
      while ((pages.length * walPage) % segmentSize !== 0) pages.push(Buffer.alloc(walPage))
      offset = walPage
    }
  }
  const end = here()
  while ((pages.length * walPage) % segmentSize !== 0) pages.push(Buffer.alloc(walPage))
  const bytes = Uint8Array.from(Buffer.concat(pages))
  const files = new Map<string, Uint8Array>()
  for (let from = 0; from < bytes.length; from += segmentSize)
    files.set(
      segmentName({ timeline, start: start + BigInt(from) }, segmentSize),
      bytes.slice(from, from + segmentSize),
    )
  return { files, bytes, starts, end }
}

function encode({ resourceManager = 10, info = 0, transactionId = 0, data }: TestRecord, previous: bigint): Buffer {
  const length = data?.length ?? 0
  const prefix = length === 0 ? Buffer.alloc(0) : length < 256 ? Buffer.from([255, length]) : Buffer.alloc(5, 254)
  if (length >= 256) prefix.writeUInt32LE(length, 1)
  const record = Buffer.concat([Buffer.alloc(24), prefix, data ?? Buffer.alloc(0)])
  record.writeUInt32LE(record.length, 0)
  record.writeUInt32LE(transactionId, 4)
  record.writeBigUInt64LE(previous, 8)
  record[16] = info
  record[17] = resourceManager
  record.writeUInt32LE(crc32c(record.subarray(0, 20), crc32c(record.subarray(24))), 20)
  return record
}
