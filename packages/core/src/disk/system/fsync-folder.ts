import { closeSync, constants, fsyncSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { DiskPath } from '../disk.ts'
import { diskError } from '../disk-error.ts'
import { systemPath } from './system-path.ts'

const flags = constants.O_RDONLY | constants.O_DIRECTORY

/** Makes the names in a folder durable. */
export async function fsyncFolder(path: DiskPath): Promise<void> {
  try {
    const folder = await open(systemPath(path), flags)
    try {
      await folder.sync().catch(ignoreUnsupported)
    } finally {
      await folder.close()
    }
  } catch (thrown) {
    throw diskError(thrown, 'fsyncFolder', path)
  }
}

/** {@link fsyncFolder}, at once. */
export function fsyncFolderSync(path: DiskPath): void {
  try {
    const folder = openSync(systemPath(path), flags)
    try {
      fsyncSync(folder)
    } catch (thrown) {
      ignoreUnsupported(thrown)
    } finally {
      closeSync(folder)
    }
  } catch (thrown) {
    throw diskError(thrown, 'fsyncFolder', path)
  }
}

/** Network and FUSE file systems answer so when folders cannot be synced at all: there is nothing more to ask for. */
function ignoreUnsupported(thrown: unknown): void {
  const { code } = thrown as NodeJS.ErrnoException
  if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw thrown
}
