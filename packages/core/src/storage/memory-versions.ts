import type { Clock } from '../clock/clock.ts'
import { storageErrors } from './errors.ts'
import { checkKey, listedKeys } from './key.ts'
import { readMemoryObject, type MemoryObject } from './memory-object.ts'
import type { ObjectVersions } from './object-store.ts'

interface MemoryVersion extends MemoryObject {
  readonly versionId: string
  readonly isDeleted: boolean
}

/** What a store in memory was told, and how it is read. */
export interface MemoryVersions {
  add(object: MemoryObject): void
  /** Marks an object as deleted, also one that is not there: so does a bucket. */
  remove(key: string): void
  readonly versions: ObjectVersions
}

/** Keeps every version of the objects of a store in memory. */
export function memoryVersions(clock: Clock): MemoryVersions {
  const kept = new Map<string, MemoryVersion[]>()
  let made = 0
  const push = (object: MemoryObject, isDeleted: boolean): void => {
    const { key } = object.info
    kept.set(key, [{ ...object, versionId: String(++made), isDeleted }, ...(kept.get(key) ?? [])])
  }

  return {
    add: (object) => push(object, false),
    remove: (key) => {
      const info = { key, size: 0, etag: '', modifiedAt: new Date(clock.now()) }
      push({ info, bytes: new Uint8Array(0) }, true)
    },
    versions: {
      async areKept({ signal } = {}) {
        signal?.throwIfAborted()
        return true
      },
      async *list({ prefix = '', after = '', signal } = {}) {
        for (const key of listedKeys(kept.keys(), prefix, after)) {
          for (const [index, { info, versionId, isDeleted }] of [...kept.get(key)!].entries()) {
            signal?.throwIfAborted()
            const { size, etag, modifiedAt } = info
            yield { key, size, etag, modifiedAt, versionId, isDeleted, isLatest: index === 0 }
          }
        }
      },
      async get(key, versionId, { range, signal } = {}) {
        signal?.throwIfAborted()
        const version = kept.get(checkKey(key))?.find((each) => each.versionId === versionId)
        if (version === undefined || version.isDeleted) throw storageErrors.CORE_STORAGE_NOT_FOUND({ key, versionId })
        return readMemoryObject(version, range)
      },
    },
  }
}
