import type { DiskPath } from '../../disk/disk.ts'

/** An extended attribute. */
export interface ExtendedAttribute {
  /** With its namespace, such as `user.origin` or `system.posix_acl_access`. */
  readonly name: string
  readonly value: Uint8Array
}

/** A node of the file system that stands for something else than content. */
export interface SpecialNode {
  readonly kind: 'fifo' | 'block-device' | 'character-device'
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number
  /** The device it stands for; of devices only. @default 0n */
  readonly device?: bigint | undefined
}

/**
 * What the operating system can do with paths and Node.js cannot. No call follows a symbolic link at the end of its path.
 * Failures are those of the disk: `CORE_DISK_DENIED`, `CORE_DISK_NOT_FOUND`, …
 */
export interface PosixCalls {
  /** In the order of the file system; empty where it has none. */
  extendedAttributes(path: DiskPath): ExtendedAttribute[]
  setExtendedAttribute(path: DiskPath, attribute: ExtendedAttribute): void
  removeExtendedAttribute(path: DiskPath, name: string): void
  /** Sets the times to the nanosecond; instants before 1970 are negative. */
  setTimes(path: DiskPath, times: { readonly accessedAt: bigint; readonly modifiedAt: bigint }): void
  /** Makes a FIFO or a device node; the umask applies. */
  makeNode(path: DiskPath, node: SpecialNode): void
}
