import { join } from 'node:path'
import type { Disk, DiskEntry } from '../../disk/disk.ts'
import { compareKeys, isListed, keyProblem } from '../key.ts'
import { isAbsent } from './disk-failure.ts'
import { folderKeyProblem } from './key-path.ts'

/**
 * The keys of the files below a folder, ascending by their UTF-8 bytes. Only folders that can hold a wanted key are
 * opened, and only one folder's names per level are in memory. Symbolic links are not followed.
 */
export async function* walkKeys(
  disk: Disk,
  folder: string,
  { prefix, after }: { readonly prefix: string; readonly after: string },
  below = '',
): AsyncGenerator<string, void, void> {
  for (const name of await sortedNames(disk, join(folder, below))) {
    const key = below + name
    const isBranch = key.endsWith('/')
    if (keyProblem(isBranch ? key.slice(0, -1) : key) !== undefined || folderKeyProblem(key) !== undefined) continue
    if (!isBranch) {
      if (isListed(key, prefix, after)) yield key
    } else if ((key.startsWith(prefix) || prefix.startsWith(key)) && reachesBeyond(key, after))
      yield* walkKeys(disk, folder, { prefix, after }, key)
  }
}

/** Whether a folder may hold a key that sorts after `after`. */
function reachesBeyond(branch: string, after: string): boolean {
  return after.startsWith(branch) || compareKeys(branch, after) > 0
}

/** Names in a folder; those of folders end with `/`, because that is how the keys below them sort. */
async function sortedNames(disk: Disk, path: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const entry of disk.entries(path)) {
      const name = await listedName(disk, path, entry)
      if (name !== undefined) names.push(name)
    }
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  return names.sort(compareKeys)
}

async function listedName(disk: Disk, path: string, { name, rawName, kind }: DiskEntry): Promise<string | undefined> {
  if (rawName !== undefined) return undefined
  const known = kind === 'unknown' ? (await disk.stat(join(path, name))).kind : kind
  if (known === 'folder') return `${name}/`
  return known === 'file' ? name : undefined
}
