import { Cid } from '../codec/index.ts'
import type { BlobRef } from '../lexicon/index.ts'
import { publishErrors } from './errors.ts'
import type { PublishAccount } from './publish-account.ts'
import { RefusedAnswer } from './refused-answer.ts'

/** Sends a file to the host of the account. @throws `RefusedAnswer`, `ATPROTO_PUBLISH_UNAVAILABLE` */
export async function uploadBlob(
  account: PublishAccount,
  { bytes, type, cid }: { readonly bytes: Uint8Array; readonly type: string; readonly cid: Cid },
  signal: AbortSignal,
): Promise<BlobRef> {
  const method = 'com.atproto.repo.uploadBlob'
  const answer = await account.call(method, { blob: { bytes, type }, signal })
  if (answer.status !== 200) throw new RefusedAnswer(method, answer)
  const { ref, mimeType, size } = (answer.body.blob ?? {}) as unknown as BlobRef
  if (ref instanceof Cid && String(ref) === String(cid)) return { $type: 'blob', ref, mimeType, size }
  throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method, status: answer.status, error: 'another file' })
}
