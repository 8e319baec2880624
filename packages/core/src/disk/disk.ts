/** A path: text, or raw bytes for names that are not valid UTF-8. */
export type DiskPath = string | Uint8Array

/** What a path can name. */
export type EntryKind =
  | 'file'
  | 'folder'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'block-device'
  | 'character-device'
  | 'unknown'

/** One name in a folder. */
export interface DiskEntry {
  readonly name: string
  /** The name's bytes, present when they are not valid UTF-8 (then `name` holds replacement characters). */
  readonly rawName?: Uint8Array | undefined
  readonly kind: EntryKind
}

/** What the file system knows about a path. Times are nanoseconds since 1970-01-01T00:00:00Z. */
export interface DiskStat {
  readonly kind: EntryKind
  /** Bytes. */
  readonly size: number
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number
  readonly userId: number
  readonly groupId: number
  readonly device: bigint
  readonly inode: bigint
  /** Number of names (hard links) of this file. */
  readonly links: number
  /** Bytes that are truly allocated; less than `size` for a sparse file. */
  readonly allocated: number
  readonly accessedAt: bigint
  readonly modifiedAt: bigint
  readonly changedAt: bigint
  /** The device that a device node stands for; a disk that knows none leaves it out. */
  readonly specialDevice?: bigint | undefined
}

/**
 * Facts by which a change is seen, as numbers: a look at a path costs less with them than with those of {@link DiskStat}. Whole
 * numbers are exact below 2⁵³; times are milliseconds since 1970-01-01T00:00:00Z, those of today to a quarter of a microsecond.
 */
export interface DiskGlance {
  readonly kind: EntryKind
  /** Bytes. */
  readonly size: number
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number
  readonly userId: number
  readonly groupId: number
  readonly device: number
  readonly inode: number
  /** Number of names (hard links) of this file. */
  readonly links: number
  readonly modifiedAt: number
  readonly changedAt: number
  /** The device that a device node stands for. */
  readonly specialDevice?: number | undefined
}

/**
 * How a file is opened, in the terms of open(2):
 * - `read`: existing, read only
 * - `update`: existing, read and write
 * - `create`: read and write, made when missing, content kept
 * - `create-new`: read and write, must not exist (`O_EXCL`)
 * - `truncate`: read and write, made when missing, emptied
 * - `append`: every write goes to the end, made when missing
 */
export type OpenMode = 'read' | 'update' | 'create' | 'create-new' | 'truncate' | 'append'

/** Options of {@link Disk.open}. */
export interface OpenOptions {
  /** Permission bits of a file or folder that is made, less the umask. @default 0o666, for a folder 0o777 */
  readonly permissions?: number | undefined
  /**
   * Whether the path itself is opened or nothing: a symbolic link there is `CORE_DISK_LOOP`, and a FIFO without a writer does
   * not hold up the opening. For paths that somebody else may replace meanwhile. @default false
   */
  readonly noFollow?: boolean | undefined
}

/**
 * An open file. Writes either write everything or throw; reads may return less than asked only at the end of the file.
 * Nothing survives a power loss before `fsync` or `fdatasync` has returned, nor a new name before `fsyncFolder`.
 */
export interface DiskFile {
  readonly path: DiskPath
  /** Fills `target` from `position`; returns the number of bytes read, 0 at the end. */
  read(target: Uint8Array, position: number): Promise<number>
  readSync(target: Uint8Array, position: number): number
  /** Writes all of `bytes` at `position`; in append mode the position is ignored. */
  write(bytes: Uint8Array, position: number): Promise<void>
  writeSync(bytes: Uint8Array, position: number): void
  truncate(size: number): Promise<void>
  truncateSync(size: number): void
  /** Makes content and metadata durable. */
  fsync(): Promise<void>
  fsyncSync(): void
  /** Makes content durable, and the metadata needed to read it back. */
  fdatasync(): Promise<void>
  fdatasyncSync(): void
  stat(): Promise<DiskStat>
  statSync(): DiskStat
  close(): Promise<void>
  closeSync(): void
}

/** A lock that is held until released, or until its process dies. */
export interface DiskLock {
  release(): Promise<void>
}

/** Room on the file system that holds a path, in bytes. */
export interface DiskSpace {
  /** What an unprivileged process may still use. */
  readonly free: number
  readonly total: number
}

/**
 * The file system as the family sees it. `systemDisk` is the real one; `SimulatedDisk` (from `@exprsn/core/testing`)
 * loses what was not synced, tears writes and runs out of space on demand.
 *
 * Failures are `ExprsnError`s whose code names the reason (`CORE_DISK_NOT_FOUND`, `CORE_DISK_EXISTS`, `CORE_DISK_FULL`,
 * `CORE_DISK_DENIED`, …) and whose details hold `path`, `operation` and the system's own `errno` name.
 */
export interface Disk {
  open(path: DiskPath, mode: OpenMode, options?: OpenOptions): Promise<DiskFile>
  openSync(path: DiskPath, mode: OpenMode, options?: OpenOptions): DiskFile
  /** Facts about a path itself: a symbolic link is not followed. Throws `CORE_DISK_NOT_FOUND` when there is nothing. */
  stat(path: DiskPath): Promise<DiskStat>
  statSync(path: DiskPath): DiskStat
  /** The facts of {@link Disk.statSync} by which a change is seen: {@link glanceOf} makes them of the others. */
  glanceSync(path: DiskPath): DiskGlance
  /** Names in a folder, in no particular order, read in batches so that a million of them need little memory. */
  entries(path: DiskPath): AsyncIterable<DiskEntry>
  entriesSync(path: DiskPath): DiskEntry[]
  /** Names in a folder as they have to be used in a path: raw bytes where one is not valid UTF-8. */
  namesSync(path: DiskPath): DiskPath[]
  /** Makes a folder and its missing parents; an existing folder is not an error. */
  makeFolder(path: DiskPath, options?: OpenOptions): Promise<void>
  makeFolderSync(path: DiskPath, options?: OpenOptions): void
  /** Replaces `to` atomically when it exists. */
  rename(from: DiskPath, to: DiskPath): Promise<void>
  renameSync(from: DiskPath, to: DiskPath): void
  /** Removes a file or link. */
  removeFile(path: DiskPath): Promise<void>
  removeFileSync(path: DiskPath): void
  /** Removes an empty folder. */
  removeFolder(path: DiskPath): Promise<void>
  removeFolderSync(path: DiskPath): void
  /** Gives an existing file a second name (hard link). Throws `CORE_DISK_EXISTS` when the name is taken. */
  link(existing: DiskPath, path: DiskPath): Promise<void>
  symlink(target: DiskPath, path: DiskPath): Promise<void>
  /** The target of a symbolic link as it was written; bytes when it is not valid UTF-8. */
  readLink(path: DiskPath): Promise<DiskPath>
  setMode(path: DiskPath, mode: number): Promise<void>
  /** Sets owner and group of the path itself: a symbolic link is not followed. */
  setOwner(path: DiskPath, userId: number, groupId: number): Promise<void>
  /** Sets the times of the path itself, nanoseconds since 1970; the system disk keeps microseconds of them. */
  setTimes(path: DiskPath, times: { readonly accessedAt: bigint; readonly modifiedAt: bigint }): Promise<void>
  /** Makes the names in a folder durable: needed after a file was made, renamed or removed in it. */
  fsyncFolder(path: DiskPath): Promise<void>
  fsyncFolderSync(path: DiskPath): void
  space(path: DiskPath): Promise<DiskSpace>
  /**
   * Takes the exclusive lock named by a file, made when missing; undefined when another process or holder has it.
   * The file belongs to the lock: keep nothing else in it. It stays when the lock is released.
   */
  lock(path: string): Promise<DiskLock | undefined>
}
