import { dirname, sep } from 'node:path'
import type { Disk } from '../../disk/disk.ts'
import { isAbsent } from './disk-failure.ts'

/** Makes folders so that they survive a power loss, and remembers which ones are known to. */
export interface DurableFolders {
  /** Makes a folder and its missing parents. */
  make(path: string): Promise<void>
  /** To be called when a folder turned out to be gone. */
  forget(): void
}

/** Folders at and below `root`. With `durable: false` they are made and nothing is synced. */
export function durableFolders(disk: Disk, root: string, durable: boolean): DurableFolders {
  const known = new Set<string>()

  const make = async (path: string): Promise<void> => {
    if (known.has(path)) return
    if (durable) await makeDurable(path)
    else await disk.makeFolder(path)
    known.add(path)
  }

  const makeDurable = async (path: string): Promise<void> => {
    const parent = dirname(path)
    // A folder below the root that exists may have been made by another process that has not synced its name yet.
    const settled = parent === path || (!path.startsWith(root + sep) && (await exists(disk, path)))
    if (settled) return
    await make(parent)
    await disk.makeFolder(path)
    await disk.fsyncFolder(parent)
  }

  return { make, forget: () => known.clear() }
}

async function exists(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.stat(path)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}
