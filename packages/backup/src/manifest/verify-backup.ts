import { join } from 'node:path'
import type { Clock } from '@exprsn/core'
import { displayPath, exists, readFile, systemDisk, walk, type Disk } from '@exprsn/core/disk'
import { trackProgress, type OnProgress, type ProgressTracker } from '../progress/progress.ts'
import { startChecksum } from './checksum.ts'
import { manifestErrors } from './errors.ts'
import { largestManifest, parseManifest, type BackupManifest, type ManifestFile } from './parse-manifest.ts'

/** One difference between a backup and its manifest. */
export interface BackupProblem {
  readonly kind: 'missing' | 'extra' | 'size' | 'checksum' | 'not-a-file'
  /** As in the manifest. */
  readonly path: string
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
}

/** What a check found. */
export interface VerifiedBackup {
  /** No problem at all. */
  readonly ok: boolean
  readonly problems: readonly BackupProblem[]
  /** Files whose content was read. */
  readonly files: number
  readonly bytes: number
  readonly manifest: BackupManifest
}

/** Options of {@link verifyBackup}. */
export interface VerifyBackupOptions {
  /** The folder that {@link receiveBaseBackup} wrote. */
  readonly folder: string
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told of the bytes that were checked. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the check. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads every file of a base backup and compares it with the manifest: what `pg_verifybackup` does, without it. As
 * there, `pg_wal`, `postgresql.auto.conf` and the signal files are not expected to match.
 *
 * @throws `BACKUP_MANIFEST_MISSING`, `BACKUP_MANIFEST_INVALID`, `BACKUP_MANIFEST_CHECKSUM`, or the signal's reason.
 * Damage to files is not thrown: it is in the result.
 * @example
 * ```ts no-run
 * import { verifyBackup } from '@exprsn/backup'
 *
 * const { ok, problems } = await verifyBackup({ folder: '/var/backups/base-1' })
 * if (!ok) console.error(problems)
 * ```
 */
export async function verifyBackup(options: VerifyBackupOptions): Promise<VerifiedBackup> {
  const { folder, disk = systemDisk, signal, onProgress, clock } = options
  const manifest = await readManifest(disk, folder)
  const total = manifest.files.reduce((sum, file) => sum + file.size, 0)
  const progress = trackProgress({ phase: 'verify', total, onProgress, clock })
  const problems: BackupProblem[] = []
  let bytes = 0
  let files = 0
  for (const file of manifest.files) {
    signal?.throwIfAborted()
    if (isIgnored(file.path)) continue
    const { problem, read } = await checkFile(disk, onDisk(folder, file.path), file, { signal, progress })
    if (problem !== undefined) problems.push(problem)
    bytes += read
    files++
  }
  for await (const path of extraFiles(disk, folder, manifest)) problems.push({ kind: 'extra', path })
  progress.finish()
  return { ok: problems.length === 0, problems, files, bytes, manifest }
}

/** Reads the manifest of a backup. @throws `BACKUP_MANIFEST_MISSING` and those of {@link parseManifest} */
export async function readManifest(disk: Disk, folder: string): Promise<BackupManifest> {
  const path = join(folder, 'base', 'backup_manifest')
  if (!(await exists(disk, path))) throw manifestErrors.BACKUP_MANIFEST_MISSING({ folder })
  return parseManifest(await readFile(disk, path, { limit: largestManifest }))
}

/** Where a file of the manifest lies in our layout: `base/…`, or `tablespaces/<oid>/…`. */
export function onDisk(folder: string, path: string): string {
  const tablespace = /^pg_tblspc\/(\d+)\/(.+)$/.exec(path)
  return tablespace === null ? join(folder, 'base', path) : join(folder, 'tablespaces', tablespace[1]!, tablespace[2]!)
}

/** The same exceptions as in pg_verifybackup. */
function isIgnored(path: string): boolean {
  return /^(backup_manifest|postgresql\.auto\.conf|recovery\.signal|standby\.signal|pg_wal(\/.*)?)$/.test(path)
}

interface CheckContext {
  readonly signal: AbortSignal | undefined
  readonly progress: ProgressTracker
}

async function checkFile(
  disk: Disk,
  place: string,
  { path, size, checksum }: ManifestFile,
  { signal, progress }: CheckContext,
): Promise<{ problem?: BackupProblem; read: number }> {
  if (!(await exists(disk, place))) return { problem: { kind: 'missing', path }, read: 0 }
  const stat = await disk.stat(place)
  if (stat.kind !== 'file') return { problem: { kind: 'not-a-file', path, actual: stat.kind }, read: 0 }
  if (stat.size !== size) return { problem: { kind: 'size', path, expected: size, actual: stat.size }, read: 0 }
  if (checksum === undefined) return { read: 0 }
  const running = startChecksum(checksum.algorithm)
  for await (const piece of pieces(disk, place)) {
    signal?.throwIfAborted()
    running.update(piece)
    progress.advance(piece.length)
  }
  const actual = running.hex()
  if (actual === checksum.hex) return { read: size }
  return { problem: { kind: 'checksum', path, expected: checksum.hex, actual }, read: size }
}

async function* pieces(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(256 * 1024)
  const file = await disk.open(path, 'read')
  try {
    for (let position = 0; ;) {
      const read = await file.read(buffer, position)
      if (read === 0) return
      yield buffer.subarray(0, read)
      position += read
    }
  } finally {
    await file.close()
  }
}

async function* extraFiles(disk: Disk, folder: string, manifest: BackupManifest): AsyncGenerator<string> {
  const known = new Set(manifest.files.map((file) => file.path))
  for await (const path of dataPaths(disk, folder)) if (!known.has(path) && !isIgnored(path)) yield path
}

/** Every file, by the path that it has in a manifest. */
async function* dataPaths(disk: Disk, folder: string): AsyncGenerator<string> {
  for (const [place, prefix] of [
    [join(folder, 'base'), ''],
    [join(folder, 'tablespaces'), 'pg_tblspc/'],
  ] as const) {
    if (!(await exists(disk, place))) continue
    for await (const { path, stat } of walk(disk, place))
      if (stat.kind === 'file') yield prefix + displayPath(path).slice(place.length + 1)
  }
}
