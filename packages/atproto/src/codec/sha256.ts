import { hash } from 'node:crypto'
import { rawBytes } from './raw-bytes.ts'

/** Bytes of a SHA-256. */
export const digestLength = 32

/** The SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(digestLength)
  writeSha256(bytes, digest, 0)
  return digest
}

/** Writes the SHA-256 of `bytes` into `target`. As text it comes from the engine in less than half the time of a Buffer. */
export function writeSha256(bytes: Uint8Array, target: Uint8Array, offset: number): void {
  rawBytes.base64Write.call(target, hash('sha256', bytes, 'base64'), offset, digestLength)
}

/** Whether `bytes` has the SHA-256 that stands in `digest` from `offset` on. */
export function hasSha256(bytes: Uint8Array, digest: Uint8Array, offset: number): boolean {
  return hash('sha256', bytes, 'base64') === rawBytes.base64Slice.call(digest, offset, offset + digestLength)
}
