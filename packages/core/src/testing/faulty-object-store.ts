import type { Clock } from '../clock/clock.ts'
import { sleep } from '../clock/sleep.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { randomBelow, randomFraction } from '../random/draw.ts'
import type { Random } from '../random/random.ts'
import { collect, storedObject } from '../storage/content.ts'
import { storageErrors } from '../storage/errors.ts'
import { compareKeys } from '../storage/key.ts'
import type { ObjectInfo, ObjectStore, StoredObject } from '../storage/object-store.ts'

/**
 * What can go wrong with an operation:
 * - `slow`: takes up to `latency` longer
 * - `unavailable`: refused with `CORE_STORAGE_UNAVAILABLE`, nothing done
 * - `conflict`: a conditional put is refused with `CORE_STORAGE_CONFLICT`, nothing done
 * - `lost-response`: a put or delete is done, and `CORE_STORAGE_UNAVAILABLE` is thrown all the same
 * - `duplicate`: a put is delivered twice; the caller sees what the second one gave, which for a conditional put that
 *   succeeded is a conflict with itself
 * - `truncated`: a body ends early with `CORE_STORAGE_TRUNCATED`
 * - `corrupted`: one bit of a body is wrong, and nobody says so
 * - `stale-list`: a listing does not know what happened within the last `staleness`
 */
export type StoreFaultKind =
  | 'slow'
  | 'unavailable'
  | 'conflict'
  | 'lost-response'
  | 'duplicate'
  | 'truncated'
  | 'corrupted'
  | 'stale-list'

const kinds: readonly StoreFaultKind[] = [
  'slow',
  'unavailable',
  'conflict',
  'lost-response',
  'duplicate',
  'truncated',
  'corrupted',
  'stale-list',
]

/** Options of {@link faultyStore}. */
export interface FaultyStoreOptions {
  /** Decides by its seed which operations fail. */
  readonly random: Random
  /** Probability of each kind per operation that it applies to, 0 to 1. @default none */
  readonly faults?: Partial<Record<StoreFaultKind, number>> | undefined
  /** Longest delay of `slow`. @default '50ms' */
  readonly latency?: Duration | undefined
  /** How long a listing may lag behind. @default '1s' */
  readonly staleness?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A store that fails on purpose. */
export interface FaultyObjectStore extends ObjectStore {
  /** How often each kind was injected. */
  readonly hits: Readonly<Record<StoreFaultKind, number>>
  /** Ends all faults, so that a test can check what is there. */
  heal(): void
}

interface RecentChange {
  readonly at: number
  readonly before: ObjectInfo | undefined
}

/**
 * Wraps a store so that its operations fail by chance as those of a service in trouble do. The same seed and the same
 * calls give the same faults.
 *
 * @example
 * ```ts
 * import { systemRandom } from '@exprsn/core'
 * import { memoryStore } from '@exprsn/core/storage'
 * import { faultyStore } from '@exprsn/core/testing'
 *
 * const store = faultyStore(memoryStore(), { random: systemRandom, faults: { unavailable: 1 } })
 * await store.head('key').catch((error) => console.log(error.code)) // CORE_STORAGE_UNAVAILABLE
 * console.log(store.hits.unavailable) // 1
 * ```
 */
export function faultyStore(store: ObjectStore, options: FaultyStoreOptions): FaultyObjectStore {
  const { random, clock = systemClock } = options
  const latency = milliseconds(options.latency ?? '50ms')
  const staleness = milliseconds(options.staleness ?? '1s')
  const hits = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<StoreFaultKind, number>
  const recent = new Map<string, RecentChange>()
  let chances = { ...options.faults }

  const strikes = (kind: StoreFaultKind): boolean => {
    const chance = chances[kind] ?? 0
    if (chance === 0 || randomFraction(random) >= chance) return false
    hits[kind]++
    return true
  }

  const begin = async (operation: string, key: string, signal: AbortSignal | undefined): Promise<void> => {
    if (strikes('slow')) await sleep(randomFraction(random) * latency, { clock, signal })
    if (strikes('unavailable')) throw storageErrors.CORE_STORAGE_UNAVAILABLE({ operation, key, injected: true })
  }

  const end = (operation: string, key: string): void => {
    if (strikes('lost-response')) throw storageErrors.CORE_STORAGE_UNAVAILABLE({ operation, key, injected: true })
  }

  const remember = async (key: string): Promise<void> => {
    if (chances['stale-list'] === undefined) return
    const known = recent.get(key)
    if (known !== undefined && clock.now() - known.at <= staleness) return
    recent.set(key, { at: clock.now(), before: await store.head(key) })
  }

  return {
    hits,
    heal() {
      chances = {}
    },

    async put(key, body, putOptions = {}) {
      const { ifMatch, ifNoneMatch, signal } = putOptions
      await begin('put', key, signal)
      if ((ifMatch !== undefined || ifNoneMatch !== undefined) && strikes('conflict'))
        throw storageErrors.CORE_STORAGE_CONFLICT({ key, injected: true })
      await remember(key)
      let info: ObjectInfo
      if (strikes('duplicate')) {
        const content = body instanceof Uint8Array ? body : await collect(copied(body))
        await store.put(key, content, putOptions)
        info = await store.put(key, content, putOptions)
      } else info = await store.put(key, body, putOptions)
      end('put', key)
      return info
    },

    async get(key, getOptions = {}) {
      await begin('get', key, getOptions.signal)
      const object = await store.get(key, getOptions)
      if (strikes('truncated')) return truncated(object, random)
      return strikes('corrupted') ? corrupted(object, random) : object
    },

    async head(key, headOptions = {}) {
      await begin('head', key, headOptions.signal)
      return store.head(key, headOptions)
    },

    async *list(listOptions = {}) {
      await begin('list', listOptions.prefix ?? '', listOptions.signal)
      if (!strikes('stale-list')) {
        yield* store.list(listOptions)
        return
      }
      const { prefix = '', after = '' } = listOptions
      const rows = new Map<string, ObjectInfo>()
      for await (const info of store.list(listOptions)) rows.set(info.key, info)
      for (const [key, { at, before }] of recent) {
        if (clock.now() - at > staleness || !key.startsWith(prefix) || compareKeys(key, after) <= 0) continue
        if (before === undefined) rows.delete(key)
        else rows.set(key, before)
      }
      yield* [...rows.values()].sort((left, right) => compareKeys(left.key, right.key))
    },

    async delete(key, deleteOptions = {}) {
      await begin('delete', key, deleteOptions.signal)
      await remember(key)
      await store.delete(key, deleteOptions)
      end('delete', key)
    },
  }
}

function truncated(object: StoredObject, random: Random): StoredObject {
  return changed(object, async function* (content) {
    const received = content.length === 0 ? 0 : randomBelow(random, content.length)
    if (received > 0) yield content.subarray(0, received)
    throw storageErrors.CORE_STORAGE_TRUNCATED({ key: object.key, received, expected: content.length, injected: true })
  })
}

function corrupted(object: StoredObject, random: Random): StoredObject {
  return changed(object, async function* (content) {
    const damaged = content.slice()
    if (damaged.length > 0) damaged[randomBelow(random, damaged.length)]! ^= 1 << randomBelow(random, 8)
    yield damaged
  })
}

function changed(object: StoredObject, change: (content: Uint8Array) => AsyncIterable<Uint8Array>): StoredObject {
  const { key, size, etag, modifiedAt, metadata, contentType } = object
  const info = { key, size, etag, modifiedAt, metadata, contentType }
  const open = async function* () {
    yield* change(await object.bytes())
  }
  return storedObject(info, open, () => object.discard())
}

async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) yield chunk.slice()
}
