import type { DiskPath } from '@exprsn/core/disk'
import type { ContentId } from '../blob.ts'

/** What an entry of a folder is, in restic's words. */
export type TreeNodeType = 'file' | 'dir' | 'symlink' | 'dev' | 'chardev' | 'fifo' | 'socket' | 'irregular'

/** An extended attribute as the file system holds it. */
export interface ExtendedAttribute {
  readonly name: string
  readonly value: Uint8Array
}

/**
 * One entry of a folder in a snapshot: the fields of restic's tree format under plain names. Instants are nanoseconds
 * since 1970-01-01T00:00:00Z.
 */
export interface TreeNode {
  /** Text, or bytes when the name is not valid UTF-8. One part of a path, without a slash. */
  readonly name: DiskPath
  readonly type: TreeNodeType
  /** Permission bits, 0 to 0o7777, with setuid, setgid and sticky. */
  readonly mode: number
  readonly modifiedAt: bigint
  readonly accessedAt: bigint
  readonly changedAt: bigint
  readonly userId: number
  readonly groupId: number
  /** The owner's name; left out when unknown. */
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly inode?: bigint | undefined
  /** The file system's device number; written for files with several hard links only by newer restic, always by 0.14. */
  readonly deviceId?: bigint | undefined
  /** Bytes; of files only. */
  readonly size?: number | undefined
  /** Number of hard links; left out for folders and FIFOs. */
  readonly links?: number | undefined
  /** The target of a symbolic link as it was written. */
  readonly linkTarget?: DiskPath | undefined
  readonly extendedAttributes?: readonly ExtendedAttribute[] | undefined
  /** The device that a `dev` or `chardev` stands for. */
  readonly device?: bigint | undefined
  /** The data blobs of a file in order; empty for an empty file, undefined for everything else. */
  readonly content?: readonly ContentId[] | undefined
  /** The tree of a folder. */
  readonly subtree?: ContentId | undefined
}
