import type { DiskPath, DiskStat } from '@exprsn/core/disk'
import type { ContentId } from '../../repository/index.ts'

/** A file to be read. */
export interface FileJob {
  readonly path: DiskPath
  /** What was found when its folder was read. */
  readonly stat: Pick<DiskStat, 'size' | 'inode' | 'device' | 'modifiedAt' | 'changedAt'>
}

/** What came of it. */
export type FileOutcome =
  | {
      readonly status: 'read'
      readonly content: readonly ContentId[]
      /** Bytes that were read: the size of what is stored. */
      readonly bytes: number
      /** Whether the file was written between the reading of its folder and the end of its own. */
      readonly changed: boolean
    }
  | { readonly status: 'vanished' | 'unreadable'; readonly detail: string }
