import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import type { Disk, DiskPath, OpenOptions } from './disk.ts'
import { joinPath, parentPath } from './paths.ts'
import { temporaryName } from './temporary-name.ts'

/** Options of {@link writeFileAtomic}. */
export interface WriteFileAtomicOptions extends OpenOptions {
  /** Whether the new content survives a power loss once the promise has resolved. @default true */
  readonly durable?: boolean | undefined
  /** Where the temporary file's name comes from. @default systemRandom */
  readonly random?: Random | undefined
  /** Checked before the first step and before the rename: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Replaces a file's content as a whole: readers, and whoever looks after a crash, find either the old content or the
 * new. Written beside it under a temporary name, synced, renamed, folder synced. The temporary file is removed when a
 * step fails; after a crash it may remain (its name begins with {@link temporaryPrefix}).
 *
 * @throws The disk's errors.
 * @example
 * ```ts
 * import { makeTemporaryFolder, readFile, removeTree, systemDisk, writeFileAtomic } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * await writeFileAtomic(systemDisk, `${folder}/state.json`, Buffer.from('{"next":7}'), { permissions: 0o600 })
 * console.log(Buffer.from(await readFile(systemDisk, `${folder}/state.json`)).toString()) // {"next":7}
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function writeFileAtomic(
  disk: Disk,
  path: DiskPath,
  bytes: Uint8Array,
  options: WriteFileAtomicOptions = {},
): Promise<void> {
  const { durable = true, permissions, random = systemRandom, signal } = options
  signal?.throwIfAborted()
  const folder = parentPath(path)
  const temporary = joinPath(folder, temporaryName(random))
  try {
    const file = await disk.open(temporary, 'create-new', { permissions })
    try {
      await file.write(bytes, 0)
      if (durable) await file.fsync()
    } finally {
      await file.close()
    }
    signal?.throwIfAborted()
    await disk.rename(temporary, path)
  } catch (thrown) {
    // What went wrong first is what the caller has to know.
    await disk.removeFile(temporary).catch(() => {})
    throw thrown
  }
  if (durable) await disk.fsyncFolder(folder)
}
