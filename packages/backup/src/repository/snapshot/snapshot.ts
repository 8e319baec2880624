import type { ContentId } from '../blob.ts'

/** Figures of the run that made a snapshot. */
export interface SnapshotSummary {
  /** Files in the snapshot. */
  readonly files: number
  readonly folders: number
  /** Bytes of all files as they stand in the source. */
  readonly bytes: number
  /** Files that were read and are new or changed; the others were known from the parent snapshot. */
  readonly filesRead: number
  /** Bytes of content that the repository did not hold before. */
  readonly added: number
  /** Bytes that were stored for it: compressed and sealed. */
  readonly stored: number
  readonly seconds: number
}

/** Something that a snapshot does not hold as the source had it. */
export interface SnapshotProblem {
  readonly path: string
  /** `changed`: read while it was written. `vanished`: gone before it was read. `unreadable`: see `detail`. */
  readonly kind: 'changed' | 'vanished' | 'unreadable' | 'skipped'
  readonly detail?: string | undefined
}

/** One backup: what was saved, when, from where. Restic's snapshot, and fields of our own that it ignores. */
export interface Snapshot {
  readonly id: ContentId
  readonly time: Date
  /** The tree of the root folder. */
  readonly tree: ContentId
  /** The snapshot it was compared with. */
  readonly parent?: ContentId | undefined
  /** Absolute paths that were saved, or `/<source>` for what is no file. */
  readonly paths: readonly string[]
  readonly hostname: string
  readonly username: string
  readonly tags: readonly string[]
  readonly excludes: readonly string[]
  /** The snapshot of which this is a copy, when it came from another repository. */
  readonly original?: ContentId | undefined
  /** The name of the source in `createBackup`; undefined for snapshots that restic made. */
  readonly source?: string | undefined
  readonly summary?: SnapshotSummary | undefined
  /** What kinds of metadata could not be read on this machine, such as `extended attributes`. */
  readonly omitted: readonly string[]
  /** The first problems of the run (at most 100); `problemCount` counts all. */
  readonly problems: readonly SnapshotProblem[]
  readonly problemCount: number
}
