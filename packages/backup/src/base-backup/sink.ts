/** What a file of a base backup is. */
export interface BackupFile {
  /** Relative to the data folder; tablespaces as `pg_tblspc/<oid>/…`, as in the manifest. */
  readonly path: string
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
}

/**
 * Where a base backup goes. Calls come in the order of the server's stream, files one after another. Whatever a call
 * throws or rejects with ends the backup.
 */
export interface BackupSink {
  folder(path: string, mode: number): void
  symlink(path: string, target: string): void
  /** A file begins; `write` and `endFile` belong to it until `endFile`. */
  file(file: BackupFile): void
  /**
   * A piece of the current file: a view that must be copied if it is kept. A returned promise holds the server back
   * until it settles; a few more pieces that had already arrived may still come meanwhile.
   *
   * @param isHeld Whether the view stays as it is until the returned promise settles, and nothing else comes meanwhile.
   */
  write(bytes: Uint8Array, isHeld?: boolean): void | Promise<void>
  endFile(): void | Promise<void>
  /** Everything has arrived: makes it durable and visible. */
  finish(): Promise<void>
  /** The backup failed: removes what was written. Called at most once, never after a successful `finish`. */
  abort(): Promise<void>
}
