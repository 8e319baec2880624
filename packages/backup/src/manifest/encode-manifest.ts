import { createHash } from 'node:crypto'
import { formatLsn } from '../replication/lsn.ts'
import type { BackupManifest, ManifestFile } from './parse-manifest.ts'

/**
 * Writes a `backup_manifest` as PostgreSQL does, with its own checksum: `pg_verifybackup` reads it, and a server takes it as what an
 * incremental backup builds on.
 *
 * Format: https://www.postgresql.org/docs/current/backup-manifest-format.html
 */
export function encodeManifest({ version, systemIdentifier, files, walRanges }: BackupManifest): Uint8Array {
  const ranges = walRanges.map(
    ({ timeline, start, end }) =>
      `{ "Timeline": ${timeline}, "Start-LSN": "${formatLsn(start)}", "End-LSN": "${formatLsn(end)}" }`,
  )
  const body =
    `{ "PostgreSQL-Backup-Manifest-Version": ${version},\n` +
    (version === 1 ? '' : `"System-Identifier": ${systemIdentifier},\n`) +
    `"Files": [\n${files.map(lineOf).join(',\n')}\n],\n"WAL-Ranges": [\n${ranges.join(',\n')}\n],\n`
  const digest = createHash('sha256').update(body).digest('hex')
  return Buffer.from(`${body}"Manifest-Checksum": "${digest}"}\n`)
}

function lineOf({ path, size, modifiedAt = 0, checksum }: ManifestFile): string {
  const time = new Date(modifiedAt * 1_000).toISOString().slice(0, 19).replace('T', ' ')
  const rest = checksum && `, "Checksum-Algorithm": "${checksum.algorithm}", "Checksum": "${checksum.hex}"`
  return `{ "Path": ${JSON.stringify(path)}, "Size": ${size}, "Last-Modified": "${time} GMT"${rest ?? ''} }`
}
