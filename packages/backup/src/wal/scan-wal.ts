import { join } from 'node:path'
import { isDiskError, systemDisk, type Disk } from '@exprsn/core/disk'
import type { Lsn } from '../replication/lsn.ts'
import { walErrors } from './errors.ts'
import { longHeader, parsePageHeader } from './page-header.ts'
import { isSegmentName, isSegmentSize, parseSegmentName, segmentName } from './segment.ts'

/** A segment that lies in a folder. */
export interface StoredSegment {
  /** The file's name. */
  readonly name: string
  readonly timeline: number
  readonly start: Lsn
  /** A file that is still being written: full size, the part that has not arrived is whatever stood there before. */
  readonly partial: boolean
}

/** WAL of one timeline without a hole. */
export interface WalRange {
  readonly timeline: number
  readonly start: Lsn
  /** End of the last complete segment. */
  readonly end: Lsn
  /** Complete segments, in order. */
  readonly segments: readonly StoredSegment[]
  /** The segment after `end`, when a part of it is there. */
  readonly partial?: StoredSegment | undefined
}

/** A hole between two ranges of one timeline. */
export interface WalGap {
  readonly timeline: number
  readonly from: Lsn
  readonly to: Lsn
}

/** What a WAL folder holds. */
export interface ScannedWal {
  /** Bytes; undefined when the folder holds no segment. */
  readonly segmentSize: number | undefined
  readonly systemIdentifier: bigint | undefined
  /** By timeline, then position. */
  readonly ranges: readonly WalRange[]
  readonly gaps: readonly WalGap[]
  /** Timelines whose history file is there. */
  readonly histories: readonly number[]
}

/** Options of {@link scanWal}. */
export interface ScanWalOptions {
  /** Where the segments are. */
  readonly folder: string
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends the scan. */
  readonly signal?: AbortSignal | undefined
}

/** A segment is renamed once in its life: a second listing is enough for one, and this for a folder into which much comes. */
const mostListings = 5

/**
 * Looks through a folder of WAL segments: which stretches are whole, and where something is missing. Reads the first
 * bytes of each file; the recovery plan checks the content. Files of other names are ignored.
 *
 * @throws `BACKUP_WAL_CORRUPT` for a segment of the wrong size or with the header of another one,
 * `BACKUP_WAL_FOLDER_INVALID` when segments of several clusters or sizes lie together.
 * @example
 * ```ts no-run
 * import { formatLsn, scanWal } from '@exprsn/backup'
 *
 * const { ranges, gaps } = await scanWal({ folder: '/var/backups/wal' })
 * for (const gap of gaps) console.error('missing', formatLsn(gap.from), 'to', formatLsn(gap.to))
 * ```
 */
export async function scanWal(options: ScanWalOptions): Promise<ScannedWal> {
  for (let listing = 1; ; listing++)
    try {
      return await scanOnce(options)
    } catch (error) {
      // A receiver has just completed a segment, which has another name now.
      if (listing === mostListings || !isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw error
    }
}

async function scanOnce({ folder, disk = systemDisk, signal }: ScanWalOptions): Promise<ScannedWal> {
  const names: string[] = []
  for await (const entry of disk.entries(folder)) if (entry.kind === 'file') names.push(entry.name)
  const histories = names.flatMap((name) => {
    const match = /^([0-9A-F]{8})\.history$/.exec(name)
    return match === null ? [] : [Number.parseInt(match[1]!, 16)]
  })
  const facts = []
  for (const name of names.filter(isSegmentName).sort()) {
    signal?.throwIfAborted()
    const fact = await inspect(disk, folder, name)
    if (fact !== undefined) facts.push(fact)
  }
  const [first] = facts
  const other = facts.find(
    (fact) => fact.systemIdentifier !== first?.systemIdentifier || fact.segmentSize !== first.segmentSize,
  )
  if (other !== undefined)
    throw walErrors.BACKUP_WAL_FOLDER_INVALID({ folder, reason: `${other.segment.name} belongs to another cluster` })
  const ranges =
    first === undefined
      ? []
      : rangesOf(
          facts.map((fact) => fact.segment),
          BigInt(first.segmentSize),
        )
  return {
    segmentSize: first?.segmentSize,
    systemIdentifier: first?.systemIdentifier,
    ranges,
    gaps: gapsOf(ranges),
    histories: histories.sort((a, b) => a - b),
  }
}

interface SegmentFact {
  readonly segment: StoredSegment
  readonly segmentSize: number
  readonly systemIdentifier: bigint
}

/**
 * Undefined for a partial segment that is not usable: a power loss right after it was made leaves it short, empty or
 * with any content, and nothing in it had been acknowledged then. A complete one was durable before it got its name.
 */
async function inspect(disk: Disk, folder: string, name: string): Promise<SegmentFact | undefined> {
  const { head, size } = await readHead(disk, join(folder, name))
  const partial = name.endsWith('.partial')
  const fault = (reason: string): undefined => {
    if (partial) return undefined
    throw walErrors.BACKUP_WAL_CORRUPT({ at: name, reason })
  }
  const header = parsePageHeader(head)
  if (header?.long === undefined) return fault('it does not begin with a segment header')
  const { segmentSize, systemIdentifier } = header.long
  if (!isSegmentSize(segmentSize)) return fault(`its header names a segment size of ${segmentSize} bytes`)
  if (size !== segmentSize) return fault(`it has ${size} bytes instead of ${segmentSize}`)
  const place = parseSegmentName(name, segmentSize)
  if (place === undefined || header.address !== place.start || header.timeline > place.timeline)
    return fault(`its header is the one of ${segmentName({ ...header, start: header.address }, segmentSize)}`)
  return { segment: { name, ...place, partial }, segmentSize, systemIdentifier }
}

async function readHead(disk: Disk, path: string): Promise<{ head: Uint8Array; size: number }> {
  const file = await disk.open(path, 'read')
  try {
    const head = new Uint8Array(longHeader)
    const read = await file.read(head, 0)
    return { head: head.subarray(0, read), size: (await file.stat()).size }
  } finally {
    await file.close()
  }
}

/** Stretches without a hole. Segments come sorted by name, which sorts by timeline, then position, then complete before partial. */
export function rangesOf(segments: readonly StoredSegment[], segmentSize: bigint): WalRange[] {
  const ranges: { timeline: number; start: Lsn; end: Lsn; segments: StoredSegment[]; partial?: StoredSegment }[] = []
  for (const segment of segments) {
    const { timeline, start, partial } = segment
    let range = ranges.at(-1)
    // A partial file beside the complete one is left over from a crash between two renames.
    if (partial && range?.segments.at(-1)?.start === start && range.timeline === timeline) continue
    if (range === undefined || range.timeline !== timeline || range.end !== start || range.partial !== undefined)
      ranges.push((range = { timeline, start, end: start, segments: [] }))
    if (partial) range.partial = segment
    else {
      range.segments.push(segment)
      range.end = start + segmentSize
    }
  }
  return ranges
}

/** The holes between ranges that come sorted. */
export function gapsOf(ranges: readonly WalRange[]): WalGap[] {
  return ranges.flatMap((range, index) => {
    const next = ranges[index + 1]
    if (next === undefined || next.timeline !== range.timeline) return []
    return [{ timeline: range.timeline, from: range.end, to: next.start }]
  })
}
