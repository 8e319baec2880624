/** What came of a line: it is in the log (`kept`), waits for its flush (`held`), or was not taken. */
export type WriteOutcome = 'kept' | 'held' | 'dropped'

/** What a write-ahead log promises of a line when the call returns. See `createLineWriter` and its siblings. */
export type Durability = 'line' | 'buffered' | 'fsync'

/** Takes lines into the log. */
export interface SpoolWriter {
  /** Takes a line, with or without its newline; never throws. */
  write(line: string | Uint8Array): WriteOutcome
  /** Resolves when every line taken before has what the mode promises at best. Throws when some were lost. */
  flush(): Promise<void>
  /** As far as that is possible at once; `isLast` when the process ends, and nothing that is under way will go on. */
  flushSync(isLast?: boolean): void
  /** Flushes and closes the files. */
  close(): Promise<void>
  /** Bytes that wait for a flush. */
  readonly waitingBytes: number
  /** Lines that wait for a flush. */
  readonly waitingLines: number
}

/** What writers report. */
export interface WriterEvents {
  /** Lines are readable in the log. */
  readonly onWritten: () => void
  /** Lines are gone. */
  readonly onLost: (lines: number, error: unknown) => void
}
