import { createHash } from 'node:crypto'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { chunksOf, collect } from './content.ts'
import { storageErrors } from './errors.ts'
import { checkKey, listedKeys } from './key.ts'
import { memoryVersions } from './memory-versions.ts'
import { readMemoryObject, type MemoryObject } from './memory-object.ts'
import type { ObjectStore } from './object-store.ts'
import { checkCondition, checkPut, refuseLock } from './put-options.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Gives `modifiedAt`. @default systemClock */
  readonly clock?: Clock | undefined
  /** Keeps what is replaced and deleted, as a bucket with versioning does. @default false */
  readonly versions?: boolean | undefined
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
export function memoryStore({ clock = systemClock, versions = false }: MemoryStoreOptions = {}): ObjectStore {
  const objects = new Map<string, MemoryObject>()
  const past = versions ? memoryVersions(clock) : undefined

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
      past?.add({ info, bytes })
      return info
    },

    async get(key, { range, signal } = {}) {
      signal?.throwIfAborted()
      const object = objects.get(checkKey(key))
      if (object === undefined) throw storageErrors.CORE_STORAGE_NOT_FOUND({ key })
      return readMemoryObject(object, range)
    },

    async head(key, { signal } = {}) {
      signal?.throwIfAborted()
      return objects.get(checkKey(key))?.info
    },

    async *list({ prefix = '', after = '', signal } = {}) {
      signal?.throwIfAborted()
      for (const key of listedKeys(objects.keys(), prefix, after)) {
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
      past?.remove(key)
    },

    ...(past === undefined ? {} : { versions: past.versions }),
  }
}

/** Producers may reuse one buffer for every chunk. A `Buffer`'s own `slice` would not copy. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) yield new Uint8Array(chunk)
}
