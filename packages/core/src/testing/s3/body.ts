import { S3Refusal } from './s3-refusal.ts'
import type { S3Request } from './s3-request.ts'
import { decodeChunked } from './aws-chunked.ts'
import { sha256Hex, type SigningContext } from './signature.ts'

/** A request's content, and its headers with the trailers of the body among them. */
export interface DecodedBody {
  readonly content: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Undoes what `x-amz-content-sha256` says was done to a body: nothing (then it is the digest, which must fit), or the
 * framing of aws-chunked with or without signed chunks and trailers.
 */
export function decodeBody(request: S3Request, raw: Uint8Array, signing: SigningContext | undefined): DecodedBody {
  const { headers } = request
  const payload = headers['x-amz-content-sha256']
  if (payload === undefined || payload === 'UNSIGNED-PAYLOAD') return { content: raw, headers }
  if (payload.startsWith('STREAMING-')) {
    const { content, trailers } = decodeChunked(raw, payload, headers, signing)
    return { content, headers: { ...headers, ...trailers } }
  }
  if (payload !== sha256Hex(raw)) throw new S3Refusal('XAmzContentSHA256Mismatch')
  return { content: raw, headers }
}
