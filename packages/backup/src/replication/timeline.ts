import { postgresErrors } from './errors.ts'
import { parseLsn, type Lsn } from './lsn.ts'

/** One line of a timeline history file: the parent that was left, and where. */
export interface TimelineSwitch {
  readonly timeline: number
  readonly leftAt: Lsn
  readonly reason: string
}

/** `'00000002.history'`: the file that tells where timeline 2 came from. */
export function timelineHistoryName(timeline: number): string {
  return `${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`
}

/** Reads a timeline history file, oldest parent first. @throws `BACKUP_POSTGRES_PROTOCOL` naming the line */
export function parseTimelineHistory(text: string): TimelineSwitch[] {
  const switches: TimelineSwitch[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const match = /^\s*(\d{1,10})\s+([0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8})\s*(.*)$/.exec(line)
    const previous = switches.at(-1)?.timeline ?? 0
    if (match === null || Number(match[1]) <= previous)
      throw postgresErrors.BACKUP_POSTGRES_PROTOCOL({ reason: `line ${index + 1} of a timeline history is not valid` })
    switches.push({ timeline: Number(match[1]), leftAt: parseLsn(match[2]!), reason: match[3]! })
  }
  return switches
}
