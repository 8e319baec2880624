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
    hex: () => swapBytes(crc).toString(16).padStart(8, '0'),
  }
}

function swapBytes(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
}
