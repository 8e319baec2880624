import type { ObjectVersion, Retention } from './bucket.ts'
import type { OperationContext } from './operation-context.ts'
import { S3Refusal } from './s3-refusal.ts'

/** Retention that a write asks for by its headers (Amazon S3 User Guide, "Locking objects with Object Lock"). */
export function retentionOf({ bucket, headers, now }: OperationContext): Retention | undefined {
  const mode = headers['x-amz-object-lock-mode']
  const date = headers['x-amz-object-lock-retain-until-date']
  if (mode === undefined && date === undefined) return undefined
  if (!bucket.objectLock) throw new S3Refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration')
  const until = Date.parse(date ?? '')
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(until))
    throw new S3Refusal('InvalidArgument', 'Mode and date of a retention must both be given.')
  if (until <= now) throw new S3Refusal('InvalidArgument', 'The retain until date must be in the future!')
  return { mode, until }
}

/** Legal hold that a write asks for. */
export function legalHoldOf({ bucket, headers }: OperationContext): boolean {
  const hold = headers['x-amz-object-lock-legal-hold']
  if (hold !== undefined && !bucket.objectLock)
    throw new S3Refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration')
  return hold === 'ON'
}

/**
 * Throws `AccessDenied` when a version is still held. A retention ends by the simulation's clock; one in governance mode
 * yields to `x-amz-bypass-governance-retention: true`, one in compliance mode to nobody.
 */
export function checkDeletable(version: ObjectVersion, { headers, now }: OperationContext): void {
  const { retention, legalHold } = version
  const bypass = retention?.mode === 'GOVERNANCE' && headers['x-amz-bypass-governance-retention'] === 'true'
  const retained = retention !== undefined && retention.until > now && !bypass
  if (legalHold === true || retained)
    throw new S3Refusal('AccessDenied', 'Access Denied because object protected by object lock.')
}

/** Headers that tell about a lock. */
export function lockHeaders({ retention, legalHold }: ObjectVersion): Record<string, string> {
  return {
    ...(retention && {
      'x-amz-object-lock-mode': retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(retention.until).toISOString(),
    }),
    ...(legalHold === true ? { 'x-amz-object-lock-legal-hold': 'ON' } : {}),
  }
}
