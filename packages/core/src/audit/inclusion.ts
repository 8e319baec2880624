import type { AuditCheckpoint, AuditPublicKeys } from './checkpoint.ts'
import { isSigned } from './checkpoint.ts'
import { auditErrors } from './errors.ts'
import { inclusionPath, leafHash, rootFromPath } from './merkle.ts'
import { parseRecord, type StoredRecord } from './record.ts'
import type { AuditEntry } from './verify-audit.ts'

/** Shows that a record is in a log, to someone who has the log's public key but not the log. */
export interface InclusionProof {
  readonly record: StoredRecord
  readonly checkpoint: AuditCheckpoint
  /** Hashes from the record up to the root (RFC 9162 §2.1.3), in hexadecimal. */
  readonly path: readonly string[]
}

/** Makes the proof of one record from the entries of a log. Throws `CORE_AUDIT_RECORD_UNKNOWN`. */
export async function proveInclusion(
  entries: AsyncIterable<AuditEntry>,
  sequence: number,
  checkpoint: AuditCheckpoint,
): Promise<InclusionProof> {
  const leaves: Buffer[] = []
  let record: StoredRecord | undefined
  for await (const entry of entries) {
    if (leaves.length === checkpoint.size) break
    if (entry.type !== 'record') continue
    leaves.push(Buffer.from(entry.hash, 'hex'))
    if (leaves.length === sequence) record = entry
  }
  if (record === undefined) throw auditErrors.CORE_AUDIT_RECORD_UNKNOWN({ sequence, size: checkpoint.size })
  const path = inclusionPath(leaves, sequence - 1).map((hash) => Buffer.from(hash).toString('hex'))
  return { record, checkpoint, path }
}

/**
 * Whether a proof is right: the record has its hash, the path leads to the checkpoint's root, a known key signed that.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { auditMigrations, databaseAudit, verifyInclusion } from '@exprsn/core/audit'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 *
 * const { publicKey, privateKey } = generateKeyPairSync('ed25519')
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [auditMigrations])
 * const audit = databaseAudit({ database, signer: { id: 'k1', privateKey } })
 * await audit.append({ action: 'user.deleted' })
 * const proof = await audit.prove(1, await audit.checkpoint())
 * console.log(verifyInclusion(proof, { k1: publicKey })) // true
 * ```
 */
export function verifyInclusion({ record, checkpoint, path }: InclusionProof, publicKeys: AuditPublicKeys): boolean {
  const parsed = parseRecord(record.text)
  const leaf = leafHash(record.text)
  if (parsed === undefined || leaf.toString('hex') !== record.hash || !isSigned(checkpoint, publicKeys)) return false
  if (parsed.sequence < 1 || parsed.sequence > checkpoint.size) return false
  const steps = path.map((hash) => Buffer.from(hash, 'hex'))
  return rootFromPath(leaf, parsed.sequence - 1, checkpoint.size, steps)?.toString('hex') === checkpoint.root
}
