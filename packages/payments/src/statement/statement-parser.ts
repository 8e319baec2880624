import type { StatementItem } from './bank-statement.ts'

/** Reads one file. */
export interface StatementParser {
  /** Takes the next bytes, and gives what they complete. */
  push(bytes: Uint8Array): StatementItem[]
  /** Checks that the file is complete. */
  end(): StatementItem[]
}
