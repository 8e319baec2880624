import { canonicalJson } from './canonical-json.ts'
import { leafHash } from './merkle.ts'

/** What happened, as the host tells it. */
export interface AuditEvent {
  /** Such as `user.deleted`. */
  readonly action: string
  /** Who did it. */
  readonly actor?: string | undefined
  /** What it was done to. */
  readonly subject?: string | undefined
  /** Anything else that JSON can say. */
  readonly data?: unknown
}

/** An event as the log keeps it. */
export interface AuditRecord extends AuditEvent {
  /** From 1, without gaps. */
  readonly sequence: number
  /** ISO text in UTC with milliseconds. */
  readonly at: string
  /** Hash of the record before, in hexadecimal; 64 zeros for the first. */
  readonly previous: string
}

/** A record in the bytes that were hashed. */
export interface StoredRecord {
  readonly type: 'record'
  /** Canonical JSON of an {@link AuditRecord}. */
  readonly text: string
  /** SHA-256 of a zero byte and the text, in hexadecimal: also the leaf of the Merkle tree. */
  readonly hash: string
}

/** The last record of a log. */
export interface AuditHead {
  readonly sequence: number
  readonly hash: string
}

/** Before the first record. */
export const emptyHead: AuditHead = { sequence: 0, hash: '0'.repeat(64) }

/** Links an event to the record before it. Throws `CORE_AUDIT_VALUE_INVALID`. */
export function linkEvent(event: AuditEvent, head: AuditHead, now: number): StoredRecord {
  const { action, actor, subject, data } = event
  const at = new Date(now).toISOString()
  const text = canonicalJson({ action, actor, subject, data, at, sequence: head.sequence + 1, previous: head.hash })
  return { type: 'record', text, hash: leafHash(text).toString('hex') }
}

/** The record of a text; undefined when it is none. */
export function parseRecord(text: string): AuditRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<AuditRecord> | null
    return Number.isSafeInteger(record?.sequence) && typeof record?.previous === 'string'
      ? (record as AuditRecord)
      : undefined
  } catch {
    return undefined
  }
}
