/**
 * The backup repository: restic's format (version 2) over any object store, written and read.
 *
 * @packageDocumentation
 */
export type { BlobType, ContentId, PackedBlob } from './blob.ts'
export { repositoryErrors } from './errors.ts'
export { defaultScryptCost, type ScryptCost } from './key/scrypt-cost.ts'
export type { KeySlot, RepositorySecret } from './key/key-slots.ts'
export type { CompressionSettings } from './object/compression.ts'
export type { Bandwidth } from './object/bandwidth.ts'
export type { ExtendedLocks } from './object-lock/extend-locks.ts'
export { openRepository, type OpenRepositoryOptions } from './open-repository.ts'
export type { PrunePlan } from './prune/plan-prune.ts'
export type { PruneOptions, PruneResult } from './prune/prune.ts'
export type { Swept } from './prune/sweep.ts'
export type { BlobReader, LocatedBlob, ReadBlobOptions } from './reader/blob-reader.ts'
export type { AddKeyOptions, Repository, RepositoryCallOptions } from './repository.ts'
export type { CountingWriter } from './writer/create-writer.ts'
export type { BackupSession, OpenSessionOptions } from './session/open-session.ts'
export type { EntriesOptions, SnapshotEntry } from './snapshot/resolve-path.ts'
export type { NewSnapshot } from './snapshot/snapshot-json.ts'
export type { Snapshot, SnapshotProblem, SnapshotSummary } from './snapshot/snapshot.ts'
export type { SnapshotFilter } from './snapshot/snapshots.ts'
export { decodeTree } from './tree/decode-tree.ts'
export { encodeTree } from './tree/encode-tree.ts'
export type { ExtendedAttribute, TreeNode, TreeNodeType } from './tree/tree-node.ts'
export type {
  BackupSource,
  RestoreContext,
  RestoreResult,
  SourceContext,
  SourceResult,
  SourceSession,
} from './writer/backup-source.ts'
export type { AssembledPack, BlobWriter, PackSettings, SavedBlob, SaveBlobOptions } from './writer/blob-writer.ts'
