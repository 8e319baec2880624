import type { Disk } from '@exprsn/core/disk'
import { createSlotCommand, readSlotCommand, timelineHistoryCommand } from '../replication/commands.ts'
import { firstRow, type ReplicationConnection } from '../replication/connection.ts'
import { postgresErrors } from '../replication/errors.ts'
import { formatLsn, parseLsn, type Lsn } from '../replication/lsn.ts'
import { parseTimelineHistory } from '../replication/timeline.ts'
import { walErrors } from './errors.ts'
import { scanWal, type ScannedWal } from './scan-wal.ts'
import { parseSegmentSize, segmentStart, type Segment } from './segment.ts'

/** Where to begin receiving. */
export interface ReceivePlan {
  readonly timeline: number
  /** Start of a segment. */
  readonly start: Lsn
  readonly segmentSize: number
}

/** What the plan depends on. */
export interface ReceivePlanOptions {
  readonly connection: ReplicationConnection
  readonly folder: string
  readonly slot: string
  readonly createSlot: boolean
  readonly disk: Disk
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the server who it is and what its slot keeps, looks at what the folder holds, and decides where to go on: after
 * the last complete segment, or in an empty folder at the beginning of the slot's segment.
 */
export async function planReceive(options: ReceivePlanOptions): Promise<ReceivePlan> {
  const { connection, folder, disk, signal } = options
  await disk.makeFolder(folder, { permissions: 0o700 })
  const system = firstRow(await connection.query('IDENTIFY_SYSTEM'))
  const segmentSize = parseSegmentSize(firstRow(await connection.query('SHOW wal_segment_size'))['wal_segment_size'])
  const scan = await scanWal({ folder, disk, signal })
  assertSameSystem(scan, { folder, systemIdentifier: BigInt(system['systemid'] ?? 0), segmentSize })
  const slot = await slotPosition(options)

  const last = resumePoint(scan)
  if (last === undefined) {
    if (slot === undefined) throw slotInvalid(options, 'it keeps no WAL: it never reserved any, or lost it')
    return { timeline: slot.timeline, start: segmentStart(slot.restart, segmentSize), segmentSize }
  }
  const flushed = parseLsn(system['xlogpos'] ?? '')
  const left = await leftBefore(connection, last, Number(system['timeline']))
  if (left !== undefined) return { timeline: left.timeline, start: segmentStart(left.from, segmentSize), segmentSize }
  if (
    Number(system['timeline']) < last.timeline ||
    (Number(system['timeline']) === last.timeline && flushed < last.start)
  )
    throw walErrors.BACKUP_WAL_AHEAD({
      ours: `${formatLsn(last.start)} on timeline ${last.timeline}`,
      server: `${formatLsn(flushed)} on timeline ${system['timeline']}`,
    })
  return { timeline: last.timeline, start: last.start, segmentSize }
}

/**
 * A server that was promoted, or restored to an earlier moment, may have left our timeline before the place that we have
 * reached: what we hold after it belongs to a past that did not go on. Where then to go on, and on which timeline.
 */
async function leftBefore(
  connection: ReplicationConnection,
  last: Segment,
  timeline: number,
): Promise<{ readonly timeline: number; readonly from: Lsn } | undefined> {
  if (timeline <= last.timeline) return undefined
  const history = firstRow(await connection.query(timelineHistoryCommand(timeline)))
  const switches = parseTimelineHistory(history['content'] ?? '')
  const index = switches.findIndex((each) => each.timeline === last.timeline)
  const left = switches[index]
  if (left === undefined || left.leftAt >= last.start) return undefined
  return { timeline: switches[index + 1]?.timeline ?? timeline, from: left.leftAt }
}

/**
 * The end of the last complete segment of the newest timeline. A receiver that was killed may leave two partial
 * segments, the first of them full but not yet durable: it is received again, for nothing in it was acknowledged.
 */
function resumePoint({ ranges }: ScannedWal): Segment | undefined {
  const timeline = ranges.at(-1)?.timeline
  const newest = ranges.filter((range) => range.timeline === timeline)
  const complete = newest.findLast((range) => range.segments.length > 0)
  if (complete !== undefined) return { timeline: complete.timeline, start: complete.end }
  return newest[0]
}

interface ServerFacts {
  readonly folder: string
  readonly systemIdentifier: bigint
  readonly segmentSize: number
}

function assertSameSystem(scan: ScannedWal, { folder, systemIdentifier, segmentSize }: ServerFacts): void {
  if (scan.systemIdentifier !== undefined && scan.systemIdentifier !== systemIdentifier)
    throw walErrors.BACKUP_WAL_OTHER_SYSTEM({ folder, found: scan.systemIdentifier, server: systemIdentifier })
  if (scan.segmentSize !== undefined && scan.segmentSize !== segmentSize)
    throw walErrors.BACKUP_WAL_FOLDER_INVALID({
      folder,
      reason: 'its segments have another size than the server makes',
    })
}

interface SlotPosition {
  readonly restart: Lsn
  readonly timeline: number
}

/** Undefined when the slot exists but keeps nothing. */
async function slotPosition(options: ReceivePlanOptions): Promise<SlotPosition | undefined> {
  const { connection, slot, createSlot } = options
  let row = firstRow(await connection.query(readSlotCommand(slot)))
  if (row['slot_type'] === null) {
    if (!createSlot)
      throw postgresErrors.BACKUP_POSTGRES_SLOT_MISSING({ server: connection.server, reason: `"${slot}" is not there` })
    await connection.query(createSlotCommand(slot))
    row = firstRow(await connection.query(readSlotCommand(slot)))
  }
  if (row['slot_type'] !== 'physical') throw slotInvalid(options, `it is a ${row['slot_type']} slot`)
  if (row['restart_lsn'] == null) return undefined
  return { restart: parseLsn(row['restart_lsn']), timeline: Number(row['restart_tli']) }
}

function slotInvalid({ slot, connection }: ReceivePlanOptions, reason: string) {
  return postgresErrors.BACKUP_POSTGRES_SLOT_INVALID({ slot, server: connection.server, reason })
}
