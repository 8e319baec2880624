import type { DiskPath, DiskStat } from '@exprsn/core/disk'

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
      /** The ids of its content as bytes, one after the other. */
      readonly content: Uint8Array
      /** Bytes that were read: the size of what is stored. */
      readonly bytes: number
      /** Whether the file was written between the reading of its folder and the end of its own. */
      readonly changed: boolean
    }
  | { readonly status: 'vanished' | 'unreadable'; readonly detail: string }
