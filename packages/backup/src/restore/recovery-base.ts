import { join, relative } from 'node:path'
import { copyFile, joinPath, walk, type Disk } from '@exprsn/core/disk'
import { readBaseFacts, type BaseFacts } from './base-facts.ts'

/** Where the files of a base backup go. */
export interface RecoveryPlaces {
  /** The data folder to be: it does not exist yet. */
  readonly dataFolder: string
  readonly tablespaces: readonly { readonly oid: number; readonly path: string }[]
}

/** Options of {@link RecoveryBase.copy}. */
export interface RecoveryCopyOptions {
  /** Where the copy is written. */
  readonly disk: Disk
  /** Told of bytes as they are written. */
  readonly onBytes: (bytes: number) => void
  /** Ends the copy; what is written stays. */
  readonly signal?: AbortSignal | undefined
}

/** A base backup, wherever it lies. */
export interface RecoveryBase {
  /** For messages. */
  readonly name: string
  facts(options: { readonly signal?: AbortSignal | undefined }): Promise<BaseFacts>
  /** Writes all files; links in `pg_tblspc` are left out: the server makes them from `tablespace_map`. Returns bytes. */
  copy(places: RecoveryPlaces, options: RecoveryCopyOptions): Promise<number>
}

/** A base backup in a folder that `receiveBaseBackup` wrote. */
export function folderBase(folder: string, disk: Disk): RecoveryBase {
  return {
    name: folder,
    facts: () => readBaseFacts(disk, folder),
    async copy({ dataFolder, tablespaces }, options) {
      let bytes = await copyTree(join(folder, 'base'), dataFolder, options)
      for (const { oid, path } of tablespaces)
        bytes += await copyTree(join(folder, 'tablespaces', String(oid)), path, options)
      return bytes
    },
  }
}

async function copyTree(from: string, to: string, { disk, signal, onBytes }: RecoveryCopyOptions): Promise<number> {
  await disk.makeFolder(to, { permissions: 0o700 })
  let bytes = 0
  for await (const { path, stat } of walk(disk, from, { signal })) {
    const place = joinPath(to, relativePath(from, path))
    if (stat.kind === 'folder') await disk.makeFolder(place, { permissions: stat.mode & 0o777 })
    if (stat.kind !== 'file') continue
    await copyFile(disk, path, place, { signal })
    onBytes(stat.size)
    bytes += stat.size
  }
  return bytes
}

function relativePath(from: string, path: string | Uint8Array): string | Uint8Array {
  return typeof path === 'string' ? relative(from, path) : path.subarray(Buffer.byteLength(from) + 1)
}
