import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import { formatLsn } from '@exprsn/backup'

/** What a test base backup says of itself. */
export interface BaseOptions {
  readonly start: bigint
  readonly end: bigint
  readonly systemIdentifier?: bigint | undefined
  /** In the manifest's form. @default '2026-11-20 10:41:07 GMT' */
  readonly labelTime?: string | undefined
  readonly files?: Readonly<Record<string, string>> | undefined
  readonly ranges?: number | undefined
}

/** Writes a folder that looks like a base backup, without a cluster in it. */
export async function makeBase(folder: string, options: BaseOptions): Promise<void> {
  const control = Buffer.alloc(64)
  control.writeBigUInt64LE(options.systemIdentifier ?? 77n)
  const files: Record<string, string | Uint8Array> = {
    'global/pg_control': control,
    backup_label: 'START WAL LOCATION: …\n',
    'pg_wal/archive_status/.keep': '',
    ...options.files,
  }
  for (const [path, content] of Object.entries(files)) await put(join(folder, 'base', path), content)
  const listed = Object.entries(files).map(([path, content]) => ({
    Path: path,
    Size: content.length,
    'Last-Modified': path === 'backup_label' ? (options.labelTime ?? '2026-11-20 10:41:07 GMT') : undefined,
  }))
  const range = { Timeline: 1, 'Start-LSN': formatLsn(options.start), 'End-LSN': formatLsn(options.end) }
  const ranges = Array.from({ length: options.ranges ?? 1 }, () => range)
  const body =
    `{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": ${JSON.stringify(listed)},\n` +
    `"WAL-Ranges": ${JSON.stringify(ranges)},\n`
  const digest = createHash('sha256').update(body).digest('hex')
  await put(join(folder, 'base', 'backup_manifest'), `${body}"Manifest-Checksum": "${digest}"}\n`)
}

/** Writes a file and the folders above it. */
export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await systemDisk.makeFolder(dirname(path))
  const file = await systemDisk.open(path, 'truncate')
  await file.write(Buffer.from(content), 0)
  await file.close()
}
