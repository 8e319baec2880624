import type { Clock } from '@exprsn/core'
import { isDiskError, unlessGone, type Disk, type DiskLock } from '@exprsn/core/disk'
import { leftSegments } from './left-segments.ts'
import { sealPath, type Segment } from './segment-log.ts'
import { SpoolReader, type SegmentSource } from './spool-reader.ts'

/** A spool folder that a process left behind, and that is ours now. */
export interface AdoptedFolder extends SegmentSource {
  readonly folder: string
  readonly segments: Segment[]
  readonly goneBefore: number
  /** Bytes of its segments. */
  readonly bytes: number
  /** Removes a segment that every sink has. */
  remove(segment: Segment): Promise<void>
  /** Drops the oldest segment for want of room. */
  dropOldest(): Promise<void>
  /** Gives it up: with `delivered` it is removed, else it waits for the next to adopt it. */
  release(delivered: boolean): Promise<void>
}

/** What {@link adoptFolders} looks at. */
export interface AdoptOptions {
  readonly disk: Disk
  readonly clock: Clock
  /** The spool: one folder per process in it. */
  readonly spool: string
  /** Ids that are not looked at: our own, and those adopted before. */
  readonly except: ReadonlySet<string>
  /** Milliseconds. */
  readonly adoptAfter: number
  /** Told about a folder that cannot be adopted. */
  readonly onProblem: (error: unknown) => void
}

/**
 * A process makes its lock right after its folder. Only one that stood still in between can be late: a folder without a
 * lock has to be this many times as old as one with it.
 */
const patienceWithoutLock = 30

/**
 * Takes over the folders of processes that are gone: their lock died with them. Of several that try, one gets a folder.
 * A folder whose lock file is younger than `adoptAfter` is left alone, because its process may be just about to lock it.
 */
export async function adoptFolders(options: AdoptOptions): Promise<AdoptedFolder[]> {
  const { disk, spool, except, onProblem } = options
  const adopted: AdoptedFolder[] = []
  for (const id of await folderIds(disk, spool)) {
    if (except.has(id)) continue
    try {
      const folder = await adoptFolder(options, `${spool}/${id}`, id)
      if (folder !== undefined) adopted.push(folder)
    } catch (thrown) {
      onProblem(thrown)
    }
  }
  return adopted
}

/** The lock of a spool folder. */
export function lockPath(folder: string): string {
  return `${folder}/lock`
}

async function folderIds(disk: Disk, spool: string): Promise<string[]> {
  const ids: string[] = []
  try {
    for await (const { name, kind } of disk.entries(spool))
      if (kind === 'folder' && /^[0-9a-f]{32}$/.test(name)) ids.push(name)
  } catch (thrown) {
    if (!isDiskError(thrown, 'CORE_DISK_NOT_FOUND')) throw thrown
  }
  // Ids begin with the time they were made in: the oldest folder first.
  return ids.sort()
}

async function adoptFolder(options: AdoptOptions, folder: string, id: string): Promise<AdoptedFolder | undefined> {
  const { disk } = options
  if (!(await isLeft(options, folder))) return undefined
  const lock = await disk.lock(lockPath(folder))
  if (lock === undefined) return undefined
  try {
    const { segments, empty } = await leftSegments(disk, folder)
    for (const path of empty) await disk.removeFile(path)
    return adoptedFolder(disk, folder, id, segments, lock)
  } catch (thrown) {
    await lock.release()
    throw thrown
  }
}

async function isLeft({ disk, clock, adoptAfter }: AdoptOptions, folder: string): Promise<boolean> {
  const lock = await modifiedAt(disk, lockPath(folder))
  // A time that lies ahead is one from before the clock was put back: it says nothing of a process that just begins.
  if (lock !== undefined) return Math.abs(clock.now() - lock) >= adoptAfter
  const made = await modifiedAt(disk, folder)
  return made !== undefined && Math.abs(clock.now() - made) >= adoptAfter * patienceWithoutLock
}

async function modifiedAt(disk: Disk, path: string): Promise<number | undefined> {
  const stat = await unlessGone(disk.stat(path))
  return stat && Number(stat.modifiedAt / 1_000_000n)
}

function adoptedFolder(disk: Disk, folder: string, id: string, segments: Segment[], lock: DiskLock): AdoptedFolder {
  let released: Promise<void> | undefined
  let goneBefore = 0
  /** Known once the last segment was dropped: nothing behind it says how many lines it held. */
  let end: number | undefined

  async function remove(segment: Segment): Promise<void> {
    const index = segments.indexOf(segment)
    if (index < 0) return
    segments.splice(index, 1)
    await disk.removeFile(segment.path).catch(() => {})
    await disk.removeFile(sealPath(segment.path)).catch(() => {})
  }

  async function release(delivered: boolean): Promise<void> {
    if (delivered) await removeContent(disk, folder)
    await lock.release()
    if (!delivered) return
    // Others that look meanwhile find an empty folder, or none.
    await disk.removeFile(lockPath(folder)).catch(() => {})
    await disk.removeFolder(folder).catch(() => {})
  }

  return {
    id,
    folder,
    segments,
    isForeign: true,
    get goneBefore() {
      return goneBefore
    },
    endAfter: () => end,
    get bytes() {
      return segments.reduce((sum, { size }) => sum + size, 0)
    },
    remove,
    async dropOldest() {
      const [oldest, next] = segments
      if (oldest === undefined) return
      if (next === undefined) end = await endOf(disk, id, oldest)
      goneBefore = next?.firstSequence ?? end!
      await remove(oldest)
    },
    release: (delivered) =>
      (released ??= release(delivered).catch((thrown: unknown) => {
        // It is still ours, and may be given up later.
        released = undefined
        throw thrown
      })),
  }
}

/** Sequence of the line that would follow those of a segment, as far as it can be read. */
async function endOf(disk: Disk, id: string, segment: Segment): Promise<number> {
  const source = { id, segments: [segment], goneBefore: 0, endAfter: () => undefined }
  const reader = new SpoolReader(disk, source, segment.firstSequence, { onLoss: () => {} })
  try {
    while ((await reader.read({ records: 5_000, bytes: 2 ** 20 })).records.length > 0);
    return reader.next
  } catch {
    return reader.next
  } finally {
    await reader.close().catch(() => {})
  }
}

async function removeContent(disk: Disk, folder: string): Promise<void> {
  for await (const { name } of disk.entries(folder))
    if (name !== 'lock') await disk.removeFile(`${folder}/${name}`).catch(() => {})
}
