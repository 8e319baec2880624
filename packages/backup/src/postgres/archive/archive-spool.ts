import { join } from 'node:path'
import type { Clock } from '@exprsn/core'
import { exists, readFile, type Disk } from '@exprsn/core/disk'
import { formatLsn } from '../../replication/lsn.ts'
import { parseTimelineHistory, timelineHistoryName } from '../../replication/timeline.ts'
import type { BlobWriter, ContentId, Repository, TreeNode } from '../../repository/index.ts'
import { saveChunk } from '../../sources/content/save-content.ts'
import { walErrors } from '../../wal/errors.ts'
import { scanWal, type ScannedWal, type StoredSegment } from '../../wal/scan-wal.ts'
import { segmentName } from '../../wal/segment.ts'
import { changeArchive, type ArchiveChange } from './change-archive.ts'
import { segmentInspector } from './inspect-segment.ts'
import { encodeSegmentFacts } from './segment-facts.ts'
import type { ArchivedHistory, ArchivedSegment, WalArchive } from './wal-archive.ts'

/** Options of {@link archiveSpool}. */
export interface ArchiveSpoolOptions {
  readonly repository: Repository
  /** The name in `createBackup`. */
  readonly source: string
  /** The folder that the receiver writes into. */
  readonly spool: string
  /** Whether segments that are still being written are stored as far as they are. */
  readonly partial: boolean
  readonly disk: Disk
  readonly clock: Clock
  readonly before?: WalArchive | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a pass over the spool found. */
export interface ArchivedSpool {
  readonly archive: WalArchive
  /** Segments that were stored. */
  readonly stored: number
  /** Whether more wait than one pass takes. */
  readonly more: boolean
  /** Segments that hold something that is no WAL: recovery ends there. */
  readonly damaged: readonly { readonly name: string; readonly error: Error }[]
}

/** A snapshot for so many segments at most, so that what is stored counts soon also after a long time away. */
const segmentsPerPass = 64
const chunkSize = 4 * 1_024 * 1_024

/**
 * Stores what has come into the spool since, and removes from the spool what the repository holds – except the newest
 * whole segment, after which the receiver goes on.
 */
export async function archiveSpool(options: ArchiveSpoolOptions): Promise<ArchivedSpool> {
  const { spool, disk, signal } = options
  const damaged: { name: string; error: Error }[] = []
  if (!(await exists(disk, spool))) return { archive: await changeArchive(options), stored: 0, more: false, damaged }
  const scan = await scanWal({ folder: spool, disk, signal })
  const found = scan.ranges.flatMap((range) => [
    ...range.segments,
    ...(range.partial === undefined ? [] : [range.partial]),
  ])
  let stored = 0
  let more = false

  const add = async (writer: BlobWriter, archive: WalArchive): Promise<ArchiveChange | undefined> => {
    if (scan.segmentSize === undefined || scan.systemIdentifier === undefined) return undefined
    const cluster = { segmentSize: scan.segmentSize, systemIdentifier: scan.systemIdentifier }
    const missing = found.filter((segment) => isWanted(segment, archive, scan, options.partial))
    const wanted = missing.slice(0, segmentsPerPass)
    more = missing.length > wanted.length
    const histories = await newHistories(scan, archive, { ...options, writer })
    const segments: ArchivedSegment[] = []
    const inspector = segmentInspector(scan.segmentSize)
    for (const segment of wanted) {
      signal?.throwIfAborted()
      const bytes = await readSegment(disk, spool, segment)
      if (bytes === undefined) continue
      const { end, lastCommit, damage } = inspector.inspect(segment, bytes)
      const known = archive.segments.get(segment.name.slice(0, 24))
      if (segment.partial && known?.end === end) continue
      if (damage !== undefined) {
        const details = { at: formatLsn(damage.at), reason: damage.reason }
        damaged.push({ name: segment.name, error: walErrors.BACKUP_WAL_CORRUPT(details) })
      }
      const node = await saveFile(writer, segment.name, bytes, options)
      const attributes = [encodeSegmentFacts({ end, lastCommit })]
      segments.push({ ...segment, end, lastCommit, node: { ...node, extendedAttributes: attributes } })
    }
    if (segments.length === 0 && histories.size === 0) return undefined
    stored = segments.length
    return { segments, histories, cluster, bytes: segments.length * scan.segmentSize }
  }

  const archive = await changeArchive({ ...options, add })
  await tidySpool(scan, archive, options)
  return { archive, stored, more, damaged }
}

/** A segment that was left where a timeline ended is stored as it is: no more of it will come. */
function isWanted(
  { name, partial, timeline }: StoredSegment,
  { segments }: WalArchive,
  { ranges }: ScannedWal,
  withPartial: boolean,
): boolean {
  const known = segments.get(name.slice(0, 24))
  if (!partial) return known === undefined || known.partial
  return (known === undefined || known.partial) && (withPartial || timeline !== ranges.at(-1)?.timeline)
}

/** Undefined when it has gone: a partial one gets its own name when it is complete. */
async function readSegment(disk: Disk, spool: string, { name }: StoredSegment): Promise<Uint8Array | undefined> {
  const path = join(spool, name)
  return (await exists(disk, path)) ? readFile(disk, path) : undefined
}

async function newHistories(
  { histories }: ScannedWal,
  archive: WalArchive,
  context: ArchiveSpoolOptions & { readonly writer: BlobWriter },
): Promise<Map<number, ArchivedHistory>> {
  const found = new Map<number, ArchivedHistory>()
  for (const timeline of histories) {
    if (archive.histories.has(timeline)) continue
    const name = timelineHistoryName(timeline)
    const bytes = await readFile(context.disk, join(context.spool, name))
    const switches = parseTimelineHistory(new TextDecoder().decode(bytes))
    found.set(timeline, { node: await saveFile(context.writer, name, bytes, context), switches })
  }
  return found
}

async function saveFile(
  writer: BlobWriter,
  name: string,
  bytes: Uint8Array,
  { clock, signal }: ArchiveSpoolOptions,
): Promise<TreeNode> {
  const content: ContentId[] = []
  for (let at = 0; at < bytes.length; at += chunkSize) {
    signal?.throwIfAborted()
    content.push(await saveChunk(writer, bytes.subarray(at, at + chunkSize)))
  }
  const time = BigInt(Math.floor(clock.now())) * 1_000_000n
  const owner = { userId: process.getuid?.() ?? 0, groupId: process.getgid?.() ?? 0 }
  const times = { modifiedAt: time, accessedAt: time, changedAt: time }
  return { ...owner, ...times, name, type: 'file', mode: 0o600, size: bytes.length, content }
}

/** The receiver finds its place by the newest whole segment of the newest timeline; all others may go. */
async function tidySpool(scan: ScannedWal, archive: WalArchive, { spool, disk }: ArchiveSpoolOptions): Promise<void> {
  const newest = scan.ranges.at(-1)?.timeline
  const last = scan.ranges
    .filter(({ timeline }) => timeline === newest)
    .flatMap(({ segments }) => segments)
    .at(-1)
  for (const { timeline, segments, partial } of scan.ranges) {
    const left = timeline !== newest && partial !== undefined ? [partial] : []
    for (const segment of [...segments, ...left]) {
      const held = archive.segments.get(segmentName(segment, scan.segmentSize!))
      const isHeld = held !== undefined && (!held.partial || segment.partial)
      if (isHeld && segment !== last) await disk.removeFile(join(spool, segment.name))
    }
  }
}
