import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import type { S3Response } from '../s3-request.ts'
import { childText, readXml } from '../xml-reader.ts'
import { wantedVersion } from './get-object.ts'

/**
 * PutObjectRetention (Amazon S3 API Reference, "PutObjectRetention"): a retention can be made longer; shorter only in
 * governance mode, by who may bypass it.
 */
export function putRetention(context: OperationContext): S3Response {
  const { bucket, content, headers, now } = context
  if (!bucket.objectLock) throw new S3Refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration')
  const version = wantedVersion(context)
  const wanted = readXml(new TextDecoder().decode(content), 'Retention')
  const mode = childText(wanted, 'Mode')
  const until = Date.parse(childText(wanted, 'RetainUntilDate') ?? '')
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(until)) throw new S3Refusal('MalformedXML')
  if (until <= now) throw new S3Refusal('InvalidArgument', 'The retain until date must be in the future!')
  const { retention } = version
  const holds = retention !== undefined && retention.until > now
  const bypass = retention?.mode === 'GOVERNANCE' && headers['x-amz-bypass-governance-retention'] === 'true'
  const weaker = retention?.mode === 'COMPLIANCE' && mode === 'GOVERNANCE'
  if (holds && !bypass && (until < retention.until || weaker))
    throw new S3Refusal('AccessDenied', 'Access Denied because object protected by object lock.')
  bucket.replace({ ...version, retention: { mode, until } })
  return { status: 200 }
}
