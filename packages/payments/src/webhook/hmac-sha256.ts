import { createHash, createHmac, hash } from 'node:crypto'

const blockLength = 64
const prefixSpace = 32
const scratchLength = 16_384

/** Computes the HMAC-SHA-256 of `prefix + body` as lower-case hexadecimal. */
export type HmacSha256 = (prefix: string, body: Uint8Array) => string

/**
 * HMAC-SHA-256 (RFC 2104) with one key, for many short messages: two one-shot hashes over prepared blocks instead of an Hmac
 * object for each message (2.4 µs of CPU instead of 3.5 for 2,500 bytes). Prefixes are at most 32
 * characters of ASCII. Longer messages go through `createHmac`.
 */
export function hmacSha256(key: string): HmacSha256 {
  const bytes = Buffer.from(key, 'utf8')
  const short = bytes.length > blockLength ? createHash('sha256').update(bytes).digest() : bytes
  const inner = Buffer.allocUnsafeSlow(blockLength + prefixSpace + scratchLength)
  const outer = Buffer.allocUnsafeSlow(blockLength + 32)
  for (let at = 0; at < blockLength; at++) {
    inner[at] = (short[at] ?? 0) ^ 0x36
    outer[at] = (short[at] ?? 0) ^ 0x5c
  }
  return (prefix, body) => {
    if (body.length > scratchLength || prefix.length > prefixSpace)
      return createHmac('sha256', key).update(prefix).update(body).digest('hex')
    const start = blockLength + prefix.length
    for (let at = 0; at < prefix.length; at++) inner[blockLength + at] = prefix.charCodeAt(at)
    inner.set(body, start)
    // As text, because making a Buffer for it takes longer than writing it.
    outer.write(hash('sha256', inner.subarray(0, start + body.length), 'binary'), blockLength, 'latin1')
    return hash('sha256', outer, 'hex')
  }
}
