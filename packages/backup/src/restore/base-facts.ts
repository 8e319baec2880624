import { join } from 'node:path'
import { exists, readFile, type Disk } from '@exprsn/core/disk'
import type { BackupManifest, ManifestWalRange } from '../manifest/parse-manifest.ts'
import { readManifest } from '../manifest/verify-backup.ts'
import { restoreErrors } from './errors.ts'

/** What a restore needs to know about a base backup. */
export interface BaseFacts {
  readonly manifest: BackupManifest
  /** WAL that must be replayed before the backup is consistent. */
  readonly wal: ManifestWalRange
  readonly systemIdentifier: bigint
  /** Tablespace folders by their oid. */
  readonly tablespaces: readonly number[]
  /** Bytes of all files. */
  readonly bytes: number
  /** A moment of the server's clock after the end of the backup, in microseconds since 2000, where it was noted. */
  readonly stoppedAt?: bigint | undefined
}

/** Reads manifest, control file and tablespace map. @throws `BACKUP_RESTORE_DAMAGED`, `BACKUP_MANIFEST_*` */
export async function readBaseFacts(disk: Disk, base: string): Promise<BaseFacts> {
  const manifest = await readManifest(disk, base)
  const wal = manifest.walRanges[0]
  if (wal === undefined || manifest.walRanges.length > 1)
    throw damaged(base, `its manifest names ${manifest.walRanges.length} WAL ranges instead of one`)
  const control = await needed(disk, base, 'global/pg_control')
  if (control.length < 8) throw damaged(base, 'global/pg_control is too short')
  await needed(disk, base, 'backup_label')
  return {
    manifest,
    wal,
    systemIdentifier: new DataView(control.buffer, control.byteOffset).getBigUint64(0, true),
    tablespaces: await mappedTablespaces(disk, base),
    bytes: manifest.files.reduce((sum, file) => sum + file.size, 0),
  }
}

async function mappedTablespaces(disk: Disk, base: string): Promise<number[]> {
  const path = join(base, 'base', 'tablespace_map')
  if (!(await exists(disk, path))) return []
  const lines = new TextDecoder().decode(await readFile(disk, path)).split('\n')
  return lines.flatMap((line) => {
    const oid = /^(\d+) /.exec(line)?.[1]
    return oid === undefined ? [] : [Number(oid)]
  })
}

async function needed(disk: Disk, base: string, path: string): Promise<Uint8Array> {
  const place = join(base, 'base', path)
  if (!(await exists(disk, place))) throw damaged(base, `${path} is missing`)
  return readFile(disk, place)
}

function damaged(base: string, reason: string) {
  return restoreErrors.BACKUP_RESTORE_DAMAGED({ base, reason })
}
