import type { Disk, DiskFile, DiskPath, OpenOptions } from './disk.ts'
import { parentPath } from './paths.ts'

/** Options of {@link copyFile}. */
export interface CopyFileOptions extends OpenOptions {
  /** Whether the copy survives a power loss once the promise has resolved. @default false */
  readonly durable?: boolean | undefined
  /** Checked before each mebibyte: the promise rejects with the signal's reason, an incomplete copy is removed. */
  readonly signal?: AbortSignal | undefined
}

const step = 2 ** 20

/**
 * Copies a file's content to a new name, in steps of a mebibyte. The permissions are the original's unless given.
 *
 * @throws `CORE_DISK_EXISTS` when the name is taken, and the disk's other errors; no incomplete copy is left.
 * @example
 * ```ts
 * import { copyFile, makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * await copyFile(systemDisk, '/etc/hosts', `${folder}/hosts`)
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function copyFile(disk: Disk, from: DiskPath, to: DiskPath, options: CopyFileOptions = {}): Promise<void> {
  const { durable = false, signal, permissions } = options
  signal?.throwIfAborted()
  const source = await disk.open(from, 'read')
  try {
    const { mode } = await source.stat()
    const target = await disk.open(to, 'create-new', { permissions: permissions ?? mode & 0o777 })
    try {
      await transfer(source, target, signal)
      if (durable) await target.fsync()
    } catch (thrown) {
      await disk.removeFile(to).catch(() => {})
      throw thrown
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  if (durable) await disk.fsyncFolder(parentPath(to))
}

async function transfer(source: DiskFile, target: DiskFile, signal: AbortSignal | undefined): Promise<void> {
  const buffer = new Uint8Array(step)
  for (let position = 0; ;) {
    signal?.throwIfAborted()
    const got = await source.read(buffer, position)
    if (got === 0) return
    await target.write(buffer.subarray(0, got), position)
    position += got
  }
}
