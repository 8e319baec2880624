import type { JournalLine } from '../entry.ts'

/** An entry's lines that moved money; reservations and releases did not. */
export interface PostedEntry {
  readonly id: string
  readonly description: string
  readonly reference: string
  readonly reverses: string | undefined
  readonly occurredAt: Date
  readonly lines: readonly JournalLine[]
}

/** The entries of a journal that moved money, in their order. */
export async function* postedEntries(journal: AsyncIterable<JournalLine>): AsyncGenerator<PostedEntry> {
  let lines: JournalLine[] = []
  for await (const line of journal) {
    if (line.kind === 'transfer' || line.kind === 'post') lines.push(line)
    if (line.line < line.lines || lines.length === 0) continue
    const { entry: id, description, reference, reverses, occurredAt } = lines[0]!
    yield { id, description, reference, reverses, occurredAt, lines }
    lines = []
  }
}

/** `YYYY-MM-DD` in UTC. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10)
}
