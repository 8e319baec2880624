import type { Disk } from '@exprsn/core/disk'
import { isDiskError, readFile } from '@exprsn/core/disk'

/** The whole content of a file, empty when there is none. */
export async function contentOrEmpty(disk: Disk, path: string): Promise<Uint8Array> {
  try {
    return await readFile(disk, path)
  } catch (thrown) {
    if (isDiskError(thrown, 'CORE_DISK_NOT_FOUND')) return new Uint8Array()
    throw thrown
  }
}
