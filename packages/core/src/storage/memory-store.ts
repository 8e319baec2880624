import { createHash } from 'node:crypto'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { chunksOf, collect, storedObject } from './content.ts'
import { storageErrors } from './errors.ts'
import { checkKey, compareKeys } from './key.ts'
import type { ObjectInfo, ObjectStore } from './object-store.ts'
import { checkCondition, checkPut, refuseLock } from './put-options.ts'
import { resolveRange } from './range.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Gives `modifiedAt`. @default systemClock */
  readonly clock?: Clock | undefined
}

interface MemoryObject {
  readonly info: ObjectInfo
  readonly bytes: Uint8Array
}

/**
 * An object store in memory, for tests and short-lived data: what it holds is gone with the process.
 * Its etag is the SHA-256 of the content.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const store = memoryStore()
 * await store.put('greetings/hello.txt', new TextEncoder().encode('hello'), { ifNoneMatch: '*' })
 * for await (const { key, size } of store.list({ prefix: 'greetings/' })) console.log(key, size) // greetings/hello.txt 5
 * ```
 */
export function memoryStore({ clock = systemClock }: MemoryStoreOptions = {}): ObjectStore {
  const objects = new Map<string, MemoryObject>()

  return {
    async put(key, body, options = {}) {
      checkPut(key, options)
      refuseLock(key, options)
      const bytes =
        body instanceof Uint8Array ? new Uint8Array(body) : await collect(copied(chunksOf(body, options.signal)))
      const etag = createHash('sha256').update(bytes).digest('hex')
      if (options.sha256 !== undefined && options.sha256 !== etag) throw storageErrors.CORE_STORAGE_CHECKSUM({ key })
      checkCondition(key, objects.get(key)?.info.etag, options)
      const { contentType } = options
      const metadata = options.metadata && { ...options.metadata }
      const info = { key, size: bytes.length, etag, modifiedAt: new Date(clock.now()), metadata, contentType }
      objects.set(key, { info, bytes })
      return info
    },

    async get(key, { range, signal } = {}) {
      signal?.throwIfAborted()
      const object = objects.get(checkKey(key))
      if (object === undefined) throw storageErrors.CORE_STORAGE_NOT_FOUND({ key })
      const { start, end } = resolveRange(key, range, object.info.size)
      return storedObject(object.info, () => chunksOf(object.bytes.slice(start, end)))
    },

    async head(key, { signal } = {}) {
      signal?.throwIfAborted()
      return objects.get(checkKey(key))?.info
    },

    async *list({ prefix = '', after = '', signal } = {}) {
      signal?.throwIfAborted()
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && compareKeys(key, after) > 0)
      for (const key of keys.sort(compareKeys)) {
        signal?.throwIfAborted()
        const object = objects.get(key)
        if (object === undefined) continue
        const { size, etag, modifiedAt } = object.info
        yield { key, size, etag, modifiedAt }
      }
    },

    async delete(key, { signal } = {}) {
      signal?.throwIfAborted()
      objects.delete(checkKey(key))
    },
  }
}

/** Producers may reuse one buffer for every chunk. A `Buffer`'s own `slice` would not copy. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) yield new Uint8Array(chunk)
}
