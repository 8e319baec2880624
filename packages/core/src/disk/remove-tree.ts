import type { Disk, DiskEntry, DiskPath } from './disk.ts'
import { entryName, joinPath } from './paths.ts'
import { unlessGone } from './unless-gone.ts'

/** Options of {@link removeTree}. */
export interface RemoveTreeOptions {
  /** Checked before each removal: the promise rejects with the signal's reason and the rest stays. */
  readonly signal?: AbortSignal | undefined
}

/** Names taken from a folder before they are removed: some file systems skip names when both happen at once. */
const batch = 1_000

/**
 * Removes a file or a folder with everything in it; nothing there is not an error. Symbolic links are removed, never
 * followed. Memory does not grow with the number of names in a folder.
 *
 * @throws The disk's errors.
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * await systemDisk.makeFolder(`${folder}/a/b/c`)
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function removeTree(disk: Disk, path: DiskPath, options: RemoveTreeOptions = {}): Promise<void> {
  const stat = await unlessGone(disk.stat(path))
  if (stat !== undefined) await unlessGone(remove(disk, path, stat.kind === 'folder', options.signal))
}

async function remove(disk: Disk, path: DiskPath, folder: boolean, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  if (!folder) return disk.removeFile(path)
  for (let some = await firstEntries(disk, path); some.length > 0; some = await firstEntries(disk, path))
    for (const entry of some)
      await unlessGone(remove(disk, joinPath(path, entryName(entry)), entry.kind === 'folder', signal))
  await disk.removeFolder(path)
}

async function firstEntries(disk: Disk, path: DiskPath): Promise<DiskEntry[]> {
  const some: DiskEntry[] = []
  for await (const entry of disk.entries(path)) if (some.push(entry) === batch) break
  return some
}
