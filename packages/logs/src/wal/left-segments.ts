import type { Disk } from '@exprsn/core/disk'
import { joinPath } from '@exprsn/core/disk'
import { walErrors } from './errors.ts'
import { decodeSegmentHeader, segmentHeaderSize, sequenceOfName } from './segment-header.ts'
import type { Segment } from './segment-log.ts'

/** Segments of a folder that no process writes any more, oldest first, and files that hold no line. */
export interface LeftSegments {
  readonly segments: Segment[]
  readonly empty: readonly string[]
}

/**
 * Looks at a folder that was left behind.
 *
 * @throws `LOGS_WAL_VERSION` for a format of a later version, which then stays as it is.
 */
export async function leftSegments(disk: Disk, folder: string): Promise<LeftSegments> {
  const segments: Segment[] = []
  const empty: string[] = []
  for await (const { name } of disk.entries(folder)) {
    const firstSequence = sequenceOfName(name)
    if (firstSequence === undefined) continue
    const path = String(joinPath(folder, name))
    const header = decodeSegmentHeader(await beginning(disk, path))
    if (typeof header === 'number') throw walErrors.LOGS_WAL_VERSION({ path, version: header })
    const { size, modifiedAt } = await disk.stat(path)
    if (size <= segmentHeaderSize) empty.push(path)
    // A header that has rotted costs the time of creation: name, folder and frames say the rest.
    const createdAt = header?.createdAt ?? Number(modifiedAt / 1_000_000n)
    if (size > segmentHeaderSize) segments.push({ path, firstSequence, createdAt, size, closed: true })
  }
  segments.sort((a, b) => a.firstSequence - b.firstSequence)
  return { segments, empty }
}

async function beginning(disk: Disk, path: string): Promise<Uint8Array> {
  const file = await disk.open(path, 'read')
  try {
    const bytes = new Uint8Array(64)
    return bytes.subarray(0, await file.read(bytes, 0))
  } finally {
    await file.close()
  }
}
