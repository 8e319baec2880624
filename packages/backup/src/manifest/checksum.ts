import { createHash } from 'node:crypto'
import { crc32c } from '@exprsn/core/bytes'
import type { ChecksumAlgorithm } from './parse-manifest.ts'

/** A checksum being computed. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void
  /** In the manifest's own form. */
  hex(): string
}

/** Starts a checksum as PostgreSQL writes it into manifests: a CRC32C in the byte order of a little-endian server. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm !== 'CRC32C') {
    const hash = createHash(algorithm.toLowerCase())
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
  }
  let crc = 0
  return {
    update: (bytes) => {
      crc = crc32c(bytes, crc)
    },
    hex: () => crc32cHex(crc),
  }
}

/** A CRC-32C as manifests have it: its four bytes as they lie in the memory of a little-endian server. */
export function crc32cHex(checksum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(checksum >>> 0)
  return bytes.toString('hex')
}
