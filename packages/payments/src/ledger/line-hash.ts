import { hash } from 'node:crypto'
import type { JournalLine } from './entry.ts'

/** What stands before the first line. */
export const firstHash = '0'.repeat(64)

/** A line before it has its hash. */
export type HashedContent = Omit<JournalLine, 'hash'>

/**
 * The hash of a line: over the hash of the line before and everything that the line says, accounts by their codes. So a
 * line that was changed, removed, added or moved shows at its place, and with it an account that was renamed.
 */
export function lineHash(previous: string, line: HashedContent): string {
  const content = JSON.stringify([
    previous,
    line.sequence,
    line.entry,
    line.line,
    line.lines,
    line.kind,
    line.debit,
    line.credit,
    line.currency,
    String(line.amount),
    line.reserve ?? 0,
    line.reverses ?? '',
    line.description,
    line.reference,
    line.occurredAt.getTime(),
    line.recordedAt.getTime(),
  ])
  return hash('sha256', content, 'hex')
}
