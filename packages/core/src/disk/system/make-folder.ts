import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { parentPath } from '../paths.ts'
import { systemPath } from './system-path.ts'

/**
 * Makes a folder and its missing parents. Node's own recursive form is not used: on a file system that answers "not
 * found" to every new name (`/proc`) it goes round for ever.
 */
export async function makeFolders(path: string | Buffer, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode })
  } catch (error) {
    if (isExisting(error) && (await stat(path)).isDirectory()) return
    const parent = parentOfMissing(error, path)
    if (parent === undefined) throw error
    await makeFolders(parent, mode)
    await mkdir(path, { mode }).catch(async (again: unknown) => {
      // Another process may have been faster.
      if (!isExisting(again) || !(await stat(path)).isDirectory()) throw again
    })
  }
}

/** {@link makeFolders}, at once. */
export function makeFoldersSync(path: string | Buffer, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (isExisting(error) && statSync(path).isDirectory()) return
    const parent = parentOfMissing(error, path)
    if (parent === undefined) throw error
    makeFoldersSync(parent, mode)
    try {
      mkdirSync(path, { mode })
    } catch (again) {
      if (!isExisting(again) || !statSync(path).isDirectory()) throw again
    }
  }
}

/** The parent, when it may be what is missing; undefined at the top. */
function parentOfMissing(error: unknown, path: string | Buffer): string | Buffer | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined
  const parent = systemPath(parentPath(path))
  return parent.length < path.length ? parent : undefined
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST'
}
