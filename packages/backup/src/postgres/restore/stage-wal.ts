import { join } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { timelineHistoryName } from '../../replication/timeline.ts'
import type { BlobReader, TreeNode } from '../../repository/index.ts'
import type { ParsedTarget } from '../../restore/recovery-target.ts'
import type { WalArchive } from '../archive/wal-archive.ts'
import type { BackupReach } from '../windows.ts'

/** Options of {@link stageWal}. */
export interface StageWalOptions {
  readonly reader: BlobReader
  readonly archive: WalArchive
  readonly reach: BackupReach
  readonly target: ParsedTarget
  /** An empty folder. */
  readonly into: string
  readonly disk: Disk
  readonly signal?: AbortSignal | undefined
}

/** Writes the segments that a recovery to the target needs, and the histories of the timelines on the way. */
export async function stageWal(options: StageWalOptions): Promise<void> {
  const { archive, reach, target, into, disk, signal } = options
  await disk.makeFolder(into, { permissions: 0o700 })
  for (const { name, node } of neededSegments(reach, target)) {
    signal?.throwIfAborted()
    await writeNode(join(into, name), node, options)
  }
  for (const { timeline } of reach.path.slice(1)) {
    const history = archive.histories.get(timeline)
    if (history !== undefined) await writeNode(join(into, timelineHistoryName(timeline)), history.node, options)
  }
}

/** Up to the first segment that shows that the target has passed; targets that say nothing about their place need all. */
export function neededSegments({ segments, backup }: BackupReach, target: ParsedTarget): BackupReach['segments'] {
  const isPast = (index: number): boolean => {
    const { end, start, lastCommit } = segments[index]!
    if (end < backup.facts.endLsn) return false
    if (target.kind === 'immediate') return true
    if (target.kind === 'lsn') return start > target.lsn
    return target.kind === 'time' && lastCommit !== undefined && lastCommit > target.time
  }
  const last = segments.findIndex((_, index) => isPast(index))
  // A record that begins in the segment of the target may end in the next.
  return last === -1 ? segments : segments.slice(0, last + 2)
}

async function writeNode(path: string, node: TreeNode, { reader, disk, signal }: StageWalOptions): Promise<void> {
  const file = await disk.open(path, 'create-new', { permissions: 0o600 })
  try {
    let position = 0
    for (const id of node.content ?? []) {
      const bytes = await reader.read('data', id, { signal })
      await file.write(bytes, position)
      position += bytes.length
    }
  } finally {
    await file.close()
  }
}
