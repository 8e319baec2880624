import { concatBytes, crc32c } from '@exprsn/core/bytes'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { parsePageHeader, walPage, type WalPageHeader } from './page-header.ts'

/** One record of the log. Layout: PostgreSQL's `access/xlogrecord.h`. */
export interface WalRecord {
  readonly start: Lsn
  /** Where the next record may begin. */
  readonly end: Lsn
  /** 0 outside transactions. */
  readonly transactionId: number
  /** Which part of PostgreSQL wrote it: 0 is the log itself, 1 transactions. */
  readonly resourceManager: number
  readonly info: number
  /** The whole record: a view that is only valid until the next one is asked for. */
  readonly bytes: Uint8Array
}

/** Why and where reading stopped. */
export interface WalStop {
  readonly at: Lsn
  readonly reason: string
}

/** Options of {@link createRecordDecoder}. */
export interface RecordDecoderOptions {
  /** The start of a record; or the start of a segment, then reading begins with the first record that starts in it. */
  readonly start: Lsn
  readonly segmentSize: number
}

/** Reads records from segments that are given in order. */
export interface RecordDecoder {
  /** The records that end in this segment. Its bytes may be cut short after any page. */
  segment(start: Lsn, bytes: Uint8Array): Generator<WalRecord>
  /** End of the last whole record with a right checksum. */
  end(): Lsn
  /** Set once something was found that is not a record: nothing after it is read. */
  stopped(): WalStop | undefined
}

export const recordHeader = 24
/** Larger ones cannot be written (XLogRecordMaxSize, 1020 MiB). */
const largestRecord = 1_020 * 1_024 * 1_024
const logSwitch = 0x40

/** Every record's checksum and back link is checked: that is how PostgreSQL itself finds the end of its log. */
export function createRecordDecoder({ start, segmentSize }: RecordDecoderOptions): RecordDecoder {
  let position = start
  let end = start
  let previous: Lsn | undefined
  let stop: WalStop | undefined
  let pieces: Uint8Array[] = []
  let collected = 0
  let wanted = 0
  let recordStart = start
  const beginsAtSegment = start % BigInt(segmentSize) === 0n

  const fail = (at: Lsn, reason: string): undefined => {
    stop ??= { at, reason }
    return undefined
  }

  /** Returns the offset in the page where reading goes on; undefined after a stop. */
  const enterPage = (page: Uint8Array, address: Lsn): number | undefined => {
    const header = parsePageHeader(page)
    const reason = pageFault(header, address, segmentSize)
    if (header === undefined || reason !== undefined) return fail(address, reason ?? 'no page header')
    if (header.overwrites) {
      // The server crashed within this record and went on without it.
      reset()
      return header.length
    }
    if (collected > 0) {
      if (header.continuation === wanted - collected) return header.length
      return fail(address, 'a record is not continued')
    }
    const into = Number(position - address)
    if (into > header.length) return into
    if (header.continuation === 0) return header.length
    if (!(beginsAtSegment && previous === undefined)) return fail(address, 'a record continues that never began')
    const afterContinuation = header.length + align(header.continuation)
    // The record that began before our start may fill the whole page and more.
    return afterContinuation >= walPage ? walPage : afterContinuation
  }

  const reset = (): void => {
    pieces = []
    collected = 0
    wanted = 0
  }

  const finishRecord = (bytes: Uint8Array, recordEnd: Lsn): WalRecord | undefined => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const link = view.getBigUint64(8, true)
    const expected = previous
    if (expected !== undefined && link !== expected)
      return fail(recordStart, `a record links back to ${formatLsn(link)} instead of ${formatLsn(expected)}`)
    const checksum = crc32c(bytes.subarray(0, 20), crc32c(bytes.subarray(recordHeader)))
    if (checksum !== view.getUint32(20, true)) return fail(recordStart, 'a record has a wrong checksum')
    const resourceManager = bytes[17]!
    const info = bytes[16]!
    const switches = resourceManager === 0 && (info & 0xf0) === logSwitch
    previous = recordStart
    end = switches ? nextSegment(recordEnd, segmentSize) : recordEnd
    position = end
    return { start: recordStart, end, transactionId: view.getUint32(4, true), resourceManager, info, bytes }
  }

  function* readPage(page: Uint8Array, address: Lsn): Generator<WalRecord> {
    let offset = enterPage(page, address)
    while (offset !== undefined && offset < walPage && stop === undefined) {
      if (collected === 0) {
        recordStart = address + BigInt(offset)
        wanted = new DataView(page.buffer, page.byteOffset).getUint32(offset, true)
        if (wanted < recordHeader || wanted > largestRecord)
          return fail(recordStart, wanted === 0 ? 'the log ends here' : `a record of ${wanted} bytes`)
      }
      const piece = page.subarray(offset, Math.min(walPage, offset + wanted - collected))
      if (collected === 0 && piece.length < wanted && piece.length >= 16 && !linkFits(piece))
        return fail(recordStart, 'a record does not link back to the one before')
      pieces.push(piece)
      collected += piece.length
      offset += piece.length
      if (collected < wanted) return
      const bytes = pieces.length === 1 ? piece : concatBytes(pieces)
      reset()
      const record = finishRecord(bytes, address + BigInt(align(offset)))
      if (record === undefined) return
      yield record
      if (end > address + BigInt(walPage)) return
      offset = Number(end - address)
    }
  }

  /** Checked before its other pieces are collected, so that rubbish is not gathered for a gigabyte. */
  const linkFits = (piece: Uint8Array): boolean =>
    previous === undefined || new DataView(piece.buffer, piece.byteOffset).getBigUint64(8, true) === previous

  return {
    *segment(segmentBegin, bytes) {
      // The first page that matters: the one that holds our position, or the next one while a record is being collected.
      let offset =
        collected > 0 || position <= segmentBegin ? 0 : Number((position - segmentBegin) / BigInt(walPage)) * walPage
      for (; offset + walPage <= bytes.length && stop === undefined; offset += walPage) {
        const address = segmentBegin + BigInt(offset)
        // After a log switch the rest of the segment is not read.
        if (collected === 0 && position >= address + BigInt(walPage)) continue
        yield* readPage(bytes.subarray(offset, offset + walPage), address)
      }
      // Pieces of a record that goes on in the next segment must outlive this one's buffer.
      pieces = pieces.map((piece) => Uint8Array.from(piece))
    },
    end: () => end,
    stopped: () => stop,
  }
}

function pageFault(header: WalPageHeader | undefined, address: Lsn, segmentSize: number): string | undefined {
  if (header === undefined) return 'there is no page header'
  if (header.address !== address) return `the page says that it is ${formatLsn(header.address)}`
  const first = address % BigInt(segmentSize) === 0n
  if (first !== (header.long !== undefined)) return 'the page header has the wrong form'
  return undefined
}

/** Records begin at multiples of eight. */
function align(length: number): number {
  return Math.ceil(length / 8) * 8
}

function nextSegment(lsn: Lsn, segmentSize: number): Lsn {
  const size = BigInt(segmentSize)
  return ((lsn + size - 1n) / size) * size
}
