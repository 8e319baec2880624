import type { Queryable } from '../database/database.ts'
import type { AuditCheckpoint } from './checkpoint.ts'
import type { InclusionProof } from './inclusion.ts'
import type { AuditEvent, AuditHead } from './record.ts'
import type { AuditEntry, AuditReport, VerifyAuditOptions } from './verify-audit.ts'

/** Options of {@link AuditLog.append}. */
export interface AppendOptions {
  /** Ends the waiting for the database. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link DatabaseAuditLog.append}. */
export interface DatabaseAppendOptions extends AppendOptions {
  /** The host's open transaction: the record is kept exactly when that commits. @default one of its own */
  readonly tx?: Queryable | undefined
}

/** An append-only log of which every record holds the hash of the one before. */
export interface AuditLog {
  /** Keeps an event; when it resolves, the record is durable. Concurrent calls are put in order. */
  append(event: AuditEvent, options?: AppendOptions): Promise<AuditHead>
  /** Signs the present state and keeps that in the log. Keep a copy elsewhere: it is what cuts at the end are found with. */
  checkpoint(): Promise<AuditCheckpoint>
  /** Names the first bad record; a value, since tampering is not a fault of the program. */
  verify(options?: VerifyAuditOptions): Promise<AuditReport>
  /** Shows that a record is in the log that a checkpoint speaks of. Throws `CORE_AUDIT_RECORD_UNKNOWN`. */
  prove(sequence: number, checkpoint: AuditCheckpoint): Promise<InclusionProof>
  /** Everything in the log in its order. As lines of JSON it is the export: `verifyAudit` takes it back. */
  entries(): AsyncIterable<AuditEntry>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** An {@link AuditLog} in a database. */
export interface DatabaseAuditLog extends AuditLog {
  append(event: AuditEvent, options?: DatabaseAppendOptions): Promise<AuditHead>
}
