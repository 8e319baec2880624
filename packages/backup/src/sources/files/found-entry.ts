import type { DiskPath, DiskStat } from '@exprsn/core/disk'
import type { ContentId } from '../../repository/index.ts'
import type { FileOutcome } from './file-job.ts'
import type { DigestedEntry } from './folder-digest.ts'
import type { KnownContent } from './stat-cache.ts'

/** An entry of a folder: what was found at once, and what is on its way. */
export interface FoundEntry {
  readonly name: DiskPath
  readonly path: DiskPath
  readonly stat: DiskStat
  /** Known from the last run. */
  readonly content: KnownContent | undefined
  /** Being read. */
  readonly outcome: Promise<FileOutcome> | undefined
  /** A folder's tree. */
  readonly subtree: ContentId | Promise<ContentId> | undefined
}

/** All entries have the same fields in the same order: what reads them is quicker then. */
export function foundEntry(
  path: DiskPath,
  name: DiskPath,
  stat: DiskStat,
  { content, outcome, subtree }: Partial<Pick<FoundEntry, 'content' | 'outcome' | 'subtree'>>,
): FoundEntry {
  return { name, path, stat, content, outcome, subtree }
}

/** Whether nothing has to be waited for to know what the digest of its folder is taken of. */
export function isAtHand(entry: FoundEntry): entry is FoundEntry & DigestedEntry {
  return !(entry.subtree instanceof Promise)
}
