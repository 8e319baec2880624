import type { Disk, DiskFile, DiskPath } from './disk.ts'
import { diskErrors } from './errors.ts'
import { displayPath } from './paths.ts'

/** Options of {@link readFile}. */
export interface ReadFileOptions {
  /** Checked before each step of a mebibyte: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** The most bytes the file may have. @default no limit */
  readonly limit?: number | undefined
}

const largestStep = 2 ** 20

/**
 * A whole file. Also files whose size the system does not know beforehand, as below `/proc`, are read to their end.
 *
 * @throws `CORE_DISK_TOO_LARGE` when the file has more bytes than `limit`, and the disk's own errors.
 * @example
 * ```ts
 * import { readFile, systemDisk } from '@exprsn/core/disk'
 *
 * const bytes = await readFile(systemDisk, process.execPath, { limit: 2 ** 30 })
 * console.log(bytes.length > 0) // true
 * ```
 */
export async function readFile(disk: Disk, path: DiskPath, options: ReadFileOptions = {}): Promise<Uint8Array> {
  const { signal, limit = Infinity } = options
  signal?.throwIfAborted()
  const file = await disk.open(path, 'read')
  try {
    // One byte more than expected, so that the end is seen in the same call.
    let bytes = new Uint8Array(Math.min((await file.stat()).size, limit) + 1)
    let size = await fill(file, bytes, 0, signal)
    while (size === bytes.length && size <= limit) {
      const larger = new Uint8Array(Math.min(size * 2 + largestStep, limit + 1))
      larger.set(bytes)
      bytes = larger
      size = await fill(file, bytes, size, signal)
    }
    if (size > limit)
      throw diskErrors.CORE_DISK_TOO_LARGE({ path: displayPath(path), operation: 'readFile', errno: 'EFBIG', limit })
    return bytes.subarray(0, size)
  } finally {
    await file.close()
  }
}

async function fill(file: DiskFile, bytes: Uint8Array, from: number, signal: AbortSignal | undefined): Promise<number> {
  let size = from
  while (size < bytes.length) {
    signal?.throwIfAborted()
    const got = await file.read(bytes.subarray(size, size + largestStep), size)
    if (got === 0) break
    size += got
  }
  return size
}
