import { ExprsnError, type Clock, type Random } from '@exprsn/core'
import { policy, retry } from '@exprsn/core/resilience'
import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import { createPace } from '../../progress/pace.ts'
import { repositoryErrors } from '../errors.ts'
import { isLockedKind } from '../object-lock/locked-objects.ts'
import type { Bandwidth } from './bandwidth.ts'

/** Options of {@link repositoryStore}. */
export interface RepositoryStoreOptions {
  readonly clock: Clock
  readonly random: Random
  /** Attempts per operation. */
  readonly attempts: number
  readonly bandwidth?: Bandwidth | undefined
  /** Milliseconds for which new objects are locked; undefined: they are not. */
  readonly lock?: number | undefined
}

/** The calls of a store as a repository needs them: whole objects, tried again when the store has a bad moment. */
export interface RepositoryStore {
  /** Stores an object; throws when the store kept less than it was sent. */
  put(key: string, bytes: Uint8Array, options?: RepositoryPutOptions): Promise<ObjectInfo>
  get(key: string, options?: RepositoryGetOptions): Promise<Uint8Array>
  head(key: string, signal?: AbortSignal): Promise<ObjectInfo | undefined>
  list(prefix: string, signal?: AbortSignal): Promise<ObjectInfo[]>
  delete(key: string, signal?: AbortSignal): Promise<void>
  /** Whether objects can be locked at all. */
  readonly hasLocks: boolean
  /** Locks an object for longer; only where there are locks. */
  extendLock(key: string, until: Date, signal?: AbortSignal): Promise<void>
}

/** Options of {@link RepositoryStore.put}. */
export interface RepositoryPutOptions {
  /** Lower-case hexadecimal: the store refuses content that arrives damaged. */
  readonly sha256?: string | undefined
  /** `'*'`: only when no object has this key. An answer that was lost makes the next attempt conflict with itself. */
  readonly ifNoneMatch?: '*' | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link RepositoryStore.get}. */
export interface RepositoryGetOptions {
  readonly range?: { readonly start: number; readonly end: number } | undefined
  readonly signal?: AbortSignal | undefined
}

/** Wraps an object store. Every operation of it is idempotent: objects are named by their content, or have one writer. */
export function repositoryStore(
  store: ObjectStore,
  { clock, random, attempts, bandwidth = {}, lock }: RepositoryStoreOptions,
): RepositoryStore {
  const resilient = policy(retry({ attempts, clock, random, budget: false, initial: '100ms' }))
  const run = <Result>(work: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> =>
    resilient((context) => work(context.signal), { signal })
  const upload = createPace(bandwidth.upload, clock)
  const download = createPace(bandwidth.download, clock)
  return {
    put: (key, bytes, { sha256, ifNoneMatch, signal } = {}) =>
      run(async (inner) => {
        await upload.take(bytes.length, inner)
        const lockedUntil = lock !== undefined && isLockedKind(key) ? new Date(clock.now() + lock) : undefined
        const info = await store.put(key, bytes, { sha256, ifNoneMatch, lockedUntil, signal: inner })
        if (info.size !== bytes.length)
          throw repositoryErrors.BACKUP_STORE_DAMAGED_UPLOAD({ key, sent: bytes.length, stored: info.size })
        return info
      }, signal),
    get: (key, { range, signal } = {}) =>
      run(async (inner) => {
        const known = range === undefined ? 0 : range.end - range.start
        await download.take(known, inner)
        const bytes = await (await store.get(key, { range, signal: inner })).bytes()
        download.charge(bytes.length - known)
        return bytes
      }, signal),
    head: (key, signal) => run((inner) => store.head(key, { signal: inner }), signal),
    list: (prefix, signal) => run((inner) => collect(store.list({ prefix, signal: inner })), signal),
    delete: (key, signal) => run((inner) => store.delete(key, { signal: inner }), signal),
    hasLocks: store.extendLock !== undefined,
    extendLock: (key, until, signal) => run((inner) => store.extendLock!(key, until, { signal: inner }), signal),
  }
}

/** Whether an error says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return ExprsnError.is(error) && error.code === 'CORE_STORAGE_NOT_FOUND'
}

async function collect(list: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const all: ObjectInfo[] = []
  for await (const info of list) all.push(info)
  return all
}
