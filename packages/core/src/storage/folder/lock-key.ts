import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { sleep } from '../../clock/sleep.ts'
import type { DiskLock } from '../../disk/disk.ts'
import { storageErrors } from '../errors.ts'
import type { FolderContext } from './folder-context.ts'
import { privateFolder } from './key-path.ts'

const longestWait = 30_000
const pause = 5

/**
 * Takes the lock that conditional puts of a key share with those of other keys of the same hash. It dies with its
 * process. Waits up to 30 s, then throws `CORE_STORAGE_TIMEOUT`.
 */
export async function lockKey(context: FolderContext, key: string, signal: AbortSignal | undefined): Promise<DiskLock> {
  const { disk, clock, folders, folder } = context
  const name = createHash('sha256').update(key).digest('hex').slice(0, 2)
  const path = join(folder, privateFolder, 'locks', `${name}.lock`)
  await folders.make(dirname(path))
  const deadline = clock.monotonic() + longestWait
  for (;;) {
    const lock = await disk.lock(path)
    if (lock !== undefined) return lock
    if (clock.monotonic() > deadline) throw storageErrors.CORE_STORAGE_TIMEOUT({ operation: 'lock', key })
    await sleep(pause, { clock, signal })
  }
}
