import { crc32cHex } from '../../manifest/checksum.ts'
import { encodeManifest } from '../../manifest/encode-manifest.ts'
import type { BackupManifest } from '../../manifest/parse-manifest.ts'
import { wholePath } from './incremental-file.ts'

/** A file that was put together, and its CRC-32C. */
export interface CombinedChecksum {
  readonly size: number
  readonly checksum: number
}

/** The manifest of a backup that was put together from a chain: what `pg_verifybackup` compares it with. */
export function combinedManifest(
  manifest: BackupManifest,
  combined: ReadonlyMap<string, CombinedChecksum>,
  systemIdentifier: bigint,
): Uint8Array {
  const files = manifest.files.map((file) => {
    const path = wholePath(file.path) ?? file.path
    const own = combined.get(path)
    if (own === undefined) return { ...file, path }
    return { ...file, path, size: own.size, checksum: { algorithm: 'CRC32C', hex: crc32cHex(own.checksum) } as const }
  })
  return encodeManifest({ ...manifest, systemIdentifier, files })
}
