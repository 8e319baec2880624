import { createHash } from 'node:crypto'
import type { BackupManifest, ManifestFile } from '../../manifest/parse-manifest.ts'
import { formatLsn } from '../../replication/lsn.ts'
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
  const files = manifest.files.map((file) => lineOf(file, combined))
  const ranges = manifest.walRanges.map(
    ({ timeline, start, end }) =>
      `{ "Timeline": ${timeline}, "Start-LSN": "${formatLsn(start)}", "End-LSN": "${formatLsn(end)}" }`,
  )
  const body =
    `{ "PostgreSQL-Backup-Manifest-Version": ${manifest.version},\n` +
    (manifest.version === 1 ? '' : `"System-Identifier": ${systemIdentifier},\n`) +
    `"Files": [\n${files.join(',\n')}\n],\n"WAL-Ranges": [\n${ranges.join(',\n')}\n],\n`
  const digest = createHash('sha256').update(body).digest('hex')
  return Buffer.from(`${body}"Manifest-Checksum": "${digest}"}\n`)
}

function lineOf(file: ManifestFile, combined: ReadonlyMap<string, CombinedChecksum>): string {
  const path = wholePath(file.path) ?? file.path
  const own = combined.get(path)
  if (own !== undefined) {
    const hex = littleEndianHex(own.checksum)
    return line(path, own.size, file.modifiedAt, `, "Checksum-Algorithm": "CRC32C", "Checksum": "${hex}"`)
  }
  const { checksum } = file
  const rest = checksum && `, "Checksum-Algorithm": "${checksum.algorithm}", "Checksum": "${checksum.hex}"`
  return line(path, file.size, file.modifiedAt, rest ?? '')
}

function line(path: string, size: number, modifiedAt: number | undefined, rest: string): string {
  const time = new Date((modifiedAt ?? 0) * 1_000).toISOString().slice(0, 19).replace('T', ' ')
  return `{ "Path": ${JSON.stringify(path)}, "Size": ${size}, "Last-Modified": "${time} GMT"${rest} }`
}

/** PostgreSQL prints the four bytes of a CRC as they lie in memory. */
function littleEndianHex(checksum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(checksum >>> 0)
  return bytes.toString('hex')
}
