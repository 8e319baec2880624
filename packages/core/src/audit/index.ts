/**
 * An append-only log that shows tampering: hash chain, Merkle tree with signed checkpoints, inclusion proofs.
 *
 * @packageDocumentation
 */
export type { AppendOptions, AuditLog, DatabaseAppendOptions, DatabaseAuditLog } from './audit-log.ts'
export { auditMigrations } from './audit-migrations.ts'
export { canonicalJson } from './canonical-json.ts'
export type { AuditCheckpoint, AuditPublicKeys, AuditSigner } from './checkpoint.ts'
export { databaseAudit, type DatabaseAuditOptions } from './database-audit.ts'
export { auditErrors } from './errors.ts'
export { fileAudit, type FileAuditOptions } from './file-audit.ts'
export { verifyInclusion, type InclusionProof } from './inclusion.ts'
export type { AuditEvent, AuditHead, AuditRecord, StoredRecord } from './record.ts'
export {
  verifyAudit,
  type AuditEntry,
  type AuditFault,
  type AuditReport,
  type VerifyAuditOptions,
} from './verify-audit.ts'
