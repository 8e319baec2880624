import type { Disk, DiskEntry, DiskPath, DiskStat } from './disk.ts'
import { isDiskError } from './disk-error.ts'
import { entryName, joinPath, pathBytes } from './paths.ts'
import { unlessGone } from './unless-gone.ts'

/** One thing found by {@link walk}. */
export interface WalkedEntry {
  /** The path that was walked, and the way from there. */
  readonly path: DiskPath
  readonly entry: DiskEntry
  readonly stat: DiskStat
}

/** Options of {@link walk}. */
export interface WalkOptions {
  /** Checked before each step: the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Everything below a folder, depth first, a folder before what it holds, names in the order of their bytes: the same
 * tree always gives the same sequence. Symbolic links are not followed. What disappears on the way is left out.
 * The names of one folder per level are in memory.
 *
 * @throws The disk's errors.
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk, walk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * await systemDisk.makeFolder(`${folder}/a/b`)
 * for await (const { path, stat } of walk(systemDisk, folder)) console.log(path, stat.kind)
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function* walk(
  disk: Disk,
  path: DiskPath,
  options: WalkOptions = {},
): AsyncGenerator<WalkedEntry, void, undefined> {
  for (const entry of await sortedEntries(disk, path)) {
    options.signal?.throwIfAborted()
    const entryPath = joinPath(path, entryName(entry))
    const stat = await unlessGone(disk.stat(entryPath))
    if (stat === undefined) continue
    yield { path: entryPath, entry, stat }
    if (stat.kind === 'folder') yield* walkUnlessGone(disk, entryPath, options)
  }
}

async function sortedEntries(disk: Disk, path: DiskPath): Promise<DiskEntry[]> {
  const keyed: { readonly key: Uint8Array; readonly entry: DiskEntry }[] = []
  for await (const entry of disk.entries(path)) keyed.push({ key: pathBytes(entryName(entry)), entry })
  return keyed.sort((left, right) => Buffer.compare(left.key, right.key)).map(({ entry }) => entry)
}

async function* walkUnlessGone(disk: Disk, path: DiskPath, options: WalkOptions): AsyncGenerator<WalkedEntry> {
  try {
    yield* walk(disk, path, options)
  } catch (thrown) {
    if (!isDiskError(thrown, 'CORE_DISK_NOT_FOUND') && !isDiskError(thrown, 'CORE_DISK_NOT_A_FOLDER')) throw thrown
  }
}
