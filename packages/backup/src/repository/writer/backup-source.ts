import type { Clock, Logger } from '@exprsn/core'
import type { OnProgress } from '../../progress/progress.ts'
import type { ContentId } from '../blob.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import type { Snapshot, SnapshotProblem } from '../snapshot/snapshot.ts'
import type { BlobWriter } from './blob-writer.ts'

/** The open repository as a source sees it while one snapshot is made. */
export interface SourceSession {
  readonly writer: BlobWriter
  /** Reads blobs back, such as the trees of the parent. */
  readonly reader: BlobReader
  /** The latest snapshot of the same source and host. Only ids reachable from it may be reused without `writer.has`. */
  readonly parent: Snapshot | undefined
}

/** What a source gets for one run. */
export interface SourceContext {
  /** The name under which the source stands in `createBackup`. */
  readonly name: string
  /**
   * Opens the repository, or waits until it is open; the same session each time. A source may walk its files before it
   * asks, so that the derivation of the key costs no time of its own.
   */
  session(): Promise<SourceSession>
  /** A folder of this source's own for caches, made when missing; undefined: keep none. */
  readonly cacheFolder: string | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onProgress: OnProgress | undefined
  readonly signal: AbortSignal | undefined
}

/** What a source saved. */
export interface SourceResult {
  /** The tree of the root folder. */
  readonly tree: ContentId
  readonly paths: readonly string[]
  readonly excludes: readonly string[]
  readonly files: number
  readonly folders: number
  /** Bytes of all files as they stand in the source. */
  readonly bytes: number
  /** Files that were read because they are new or changed. */
  readonly filesRead: number
  readonly omitted: readonly string[]
  readonly problems: readonly SnapshotProblem[]
  readonly problemCount: number
  /** Called after the snapshot was written, with its id: the moment to save caches. Never called after a failure. */
  committed?(snapshot: ContentId): Promise<void>
}

/** What a source gets to bring a snapshot back. */
export interface RestoreContext {
  readonly snapshot: Snapshot
  readonly reader: BlobReader
  /** A folder, or whatever the source understands by its target. */
  readonly into: unknown
  /** Paths inside the snapshot, and everything below them. @default everything */
  readonly include: readonly string[] | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onProgress: OnProgress | undefined
  readonly signal: AbortSignal | undefined
}

/** What came back. */
export interface RestoreResult {
  readonly files: number
  readonly folders: number
  readonly bytes: number
  /** What could not be restored as it was, such as owners without the right to set them. */
  readonly problems: readonly SnapshotProblem[]
}

/** Something that can be backed up: files, a bucket, a database. */
export interface BackupSource {
  /** The kind, such as `files`. */
  readonly kind: string
  backup(context: SourceContext): Promise<SourceResult>
  restore(context: RestoreContext): Promise<RestoreResult>
}
