import type { AuditCheckpoint } from './checkpoint.ts'
import type { AuditEntry } from './verify-audit.ts'

/** One line of the file form: what one write has added. */
export interface AuditLine {
  /** Bytes before it. */
  readonly start: number
  /** Bytes up to and with its line break. */
  readonly end: number
  /** Undefined when the line is not what an append writes. */
  readonly entries: readonly AuditEntry[] | undefined
  /** What a crash can leave at the end: a line without its end, or with a hole where a block was not written. */
  readonly torn: boolean
}

const lineBreak = 0x0a

/** The lines of a file, in order. */
export function* linesOf(bytes: Uint8Array): Generator<AuditLine> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(lineBreak, start)
    const end = found < 0 ? bytes.length : found + 1
    const line = bytes.subarray(start, found < 0 ? end : found)
    const entries = found < 0 ? undefined : parseLine(line)
    const isLast = end === bytes.length
    yield { start, end, entries, torn: entries === undefined && isLast && (found < 0 || line.includes(0)) }
    start = end
  }
}

/** One line per write, however many entries that has: so a crash tears the last line only. */
export function encodeLine(entries: readonly AuditEntry[]): Uint8Array {
  return Buffer.from(`${JSON.stringify(entries)}\n`)
}

function parseLine(line: Uint8Array): readonly AuditEntry[] | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
    const entries = JSON.parse(text) as unknown
    // Only the very text that an append writes: JSON has many texts for one value.
    if (!Array.isArray(entries) || !entries.every(isEntry) || JSON.stringify(entries) !== text) return undefined
    return entries
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is AuditEntry {
  const entry = value as Partial<Record<string, unknown>> | null
  if (entry?.type === 'record') return typeof entry.text === 'string' && typeof entry.hash === 'string'
  return entry?.type === 'checkpoint' && Number.isSafeInteger((entry as Partial<AuditCheckpoint>).size)
}
