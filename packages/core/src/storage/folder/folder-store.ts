import { dirname, resolve } from 'node:path'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { Disk } from '../../disk/disk.ts'
import { systemDisk } from '../../disk/system-disk.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { createIdGenerator } from '../../id/uuid.ts'
import type { Random } from '../../random/random.ts'
import { systemRandom } from '../../random/system-random.ts'
import type { ObjectStore } from '../object-store.ts'
import { checkPut, refuseLock } from '../put-options.ts'
import { checkRange } from '../range.ts'
import { isAbsent, onDisk, storeFailure } from './disk-failure.ts'
import { durableFolders } from './durable-folders.ts'
import type { FolderContext } from './folder-context.ts'
import { keyPath } from './key-path.ts'
import { folderEtag, modificationDate } from './object-version.ts'
import { headObject, openObject, statObject } from './read-object.ts'
import { removeIfThere } from './remove.ts'
import { sidecarPath } from './sidecar.ts'
import { sweepSidecars, sweepTemporaryFiles, type SweepResult } from './sweep.ts'
import { walkKeys } from './walk.ts'
import { writeObject } from './write-object.ts'

/** Options of {@link folderStore}. */
export interface FolderStoreOptions {
  /** The folder; made by the first put when it is missing. */
  readonly path: string
  /**
   * Whether a put waits until the object survives a power loss. Without it puts are still atomic between processes, but
   * the last ones may be lost or empty after the machine stops. @default true
   */
  readonly durable?: boolean | undefined
  /** Leftovers of killed writers are removed when nobody has written to them for this long. @default '1d' */
  readonly sweepAfter?: Duration | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** An object store in a folder. */
export interface FolderStore extends ObjectStore {
  /**
   * Removes what killed writers left behind and is older than `sweepAfter`. The first put of a store does the same for
   * temporary files; metadata of vanished versions goes only here.
   */
  sweep(options?: { readonly signal?: AbortSignal | undefined }): Promise<SweepResult>
}

/**
 * An object store in a folder of the file system: the file at the key's path holds exactly the object's bytes, so other
 * tools can read the folder, and files that they put there are objects too.
 *
 * - A put writes to `.exprsn/tmp`, syncs, and renames: readers and crashes see the old object or the new one.
 * - `ifNoneMatch` is exclusive between processes and machines (a hard link; the lock where there are none). `ifMatch`
 *   compares and renames under a lock in `.exprsn/locks`: exact among conditional puts, while a plain put or a delete of
 *   the same key in that instant is not held back.
 * - Metadata and content type lie in `.exprsn/metadata`, bound to size and time of modification of their version; they
 *   survive copies that keep times. Plain objects need none.
 * - The etag is size, time of modification and inode: cheap to list, new with every put, and not the same after a copy.
 * - A name is either an object or a folder: `a` and `a/b` exclude each other (`CORE_STORAGE_KEY_OBSTRUCTED`).
 * - Keys differ in case; on a file system that ignores case (macOS by default) use keys that differ otherwise.
 *
 * @throws `CORE_STORAGE_*`; the disk's own error is the cause.
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const store = folderStore({ path: await mkdtemp(join(tmpdir(), 'store-')) })
 * await store.put('reports/2026.txt', new TextEncoder().encode('all good'))
 * const report = await store.get('reports/2026.txt', { range: { start: 4 } })
 * console.log(new TextDecoder().decode(await report.bytes())) // good
 * ```
 */
export function folderStore(options: FolderStoreOptions): FolderStore {
  const { durable = true, disk = systemDisk, clock = systemClock, random = systemRandom } = options
  const folder = resolve(options.path)
  const sweepAfter = milliseconds(options.sweepAfter ?? '1d')
  const folders = durableFolders(disk, folder, durable)
  const createId = createIdGenerator({ clock, random })
  const context: FolderContext = { folder, disk, folders, durable, clock, random, createId }
  let firstSweep: Promise<unknown> | undefined

  return {
    async put(key, body, putOptions = {}) {
      checkPut(key, putOptions)
      refuseLock(key, putOptions)
      const path = keyPath(folder, key)
      return onDisk('put', key, async () => {
        // A folder that cannot be swept can be written to all the same, and the write tells what is wrong with it.
        await (firstSweep ??= sweepTemporaryFiles(context, sweepAfter).catch(() => {}))
        return writeObject(context, key, path, body, putOptions)
      })
    },

    async get(key, getOptions = {}) {
      getOptions.signal?.throwIfAborted()
      const path = keyPath(folder, key)
      checkRange(key, getOptions.range)
      return onDisk('get', key, () => openObject(disk, folder, key, path, getOptions))
    },

    async head(key, { signal } = {}) {
      signal?.throwIfAborted()
      const path = keyPath(folder, key)
      return onDisk('head', key, () => headObject(disk, folder, key, path))
    },

    async *list({ prefix = '', after = '', signal } = {}) {
      signal?.throwIfAborted()
      try {
        for await (const key of walkKeys(disk, folder, { prefix, after })) {
          signal?.throwIfAborted()
          const version = await statObject(disk, keyPath(folder, key))
          if (version === undefined) continue
          yield { key, size: version.size, etag: folderEtag(version), modifiedAt: modificationDate(version) }
        }
      } catch (error) {
        throw storeFailure('list', prefix, error)
      }
    },

    async delete(key, { signal } = {}) {
      signal?.throwIfAborted()
      const path = keyPath(folder, key)
      await onDisk('delete', key, () => deleteObject(context, key, path))
    },

    sweep: ({ signal } = {}) =>
      onDisk('sweep', folder, async () => {
        signal?.throwIfAborted()
        const temporaryFiles = await sweepTemporaryFiles(context, sweepAfter)
        signal?.throwIfAborted()
        return { temporaryFiles, sidecars: await sweepSidecars(context, sweepAfter) }
      }),
  }
}

async function deleteObject({ disk, folder, durable }: FolderContext, key: string, path: string): Promise<void> {
  const version = await statObject(disk, path)
  if (version === undefined) return
  await removeIfThere(disk, path)
  if (durable) await syncIfThere(disk, dirname(path))
  await removeIfThere(disk, sidecarPath(folder, key, version))
}

async function syncIfThere(disk: Disk, path: string): Promise<void> {
  try {
    await disk.fsyncFolder(path)
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
}
