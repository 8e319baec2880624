import type { ContentId } from './blob.ts'
import type { RepositoryContext } from './context.ts'
import { repositoryErrors } from './errors.ts'
import type { ScryptCost } from './key/scrypt-cost.ts'
import { addKey, deleteSlot, listKeys, type KeySlot, type RepositorySecret } from './key/key-slots.ts'
import { extendLocks, type ExtendedLocks } from './object-lock/extend-locks.ts'
import { stillLocked } from './object-lock/locked-objects.ts'
import { prune, type PruneOptions, type PruneResult } from './prune/prune.ts'
import type { BlobReader } from './reader/blob-reader.ts'
import { createReader } from './reader/create-reader.ts'
import { bindContext } from './repository-context.ts'
import { openSession, type BackupSession, type OpenSessionOptions } from './session/open-session.ts'
import { listEntries, readContent, type EntriesOptions, type SnapshotEntry } from './snapshot/resolve-path.ts'
import { findSnapshot, matchesFilter, type SnapshotFilter } from './snapshot/snapshots.ts'
import { loadSoundSnapshots } from './snapshot/suspects.ts'
import type { Snapshot } from './snapshot/snapshot.ts'

/** Options of most calls. */
export interface RepositoryCallOptions {
  /** Ends the operation. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link Repository.addKey}. */
export interface AddKeyOptions extends RepositoryCallOptions {
  /** Cost of opening a password's slot. @default { N: 32768, r: 8, p: 4 } */
  readonly cost?: ScryptCost | undefined
}

/** An open backup repository in restic's format, version 2 (or 1, when restic made it so). */
export interface Repository {
  /** The repository's own id, 64 hexadecimal digits. */
  readonly id: string
  readonly version: 1 | 2
  /** Restic's chunker polynomial, in bits: content cut with it deduplicates with what restic clients store. */
  readonly chunkerPolynomial: bigint
  /** Reads blobs and trees. */
  readonly reader: BlobReader
  /** Snapshots ascending by time; damaged ones are left out (see `check`). */
  snapshots(filter?: SnapshotFilter, options?: RepositoryCallOptions): Promise<Snapshot[]>
  /** One snapshot by its id, the first digits of it, or `latest`. */
  snapshot(name: string, options?: RepositoryCallOptions): Promise<Snapshot>
  /** The entries of a folder of a snapshot. `snapshot` is an id, the first digits of it, or `latest`. */
  entries(snapshot: string, path?: string, options?: EntriesOptions): AsyncIterable<SnapshotEntry>
  /** The content of a file, piece by piece. Every piece was authenticated before it is handed out. */
  open(snapshot: string, path: string, options?: RepositoryCallOptions): AsyncIterable<Uint8Array>
  /** Begins a backup: the way for sources of your own. */
  begin(options?: OpenSessionOptions): Promise<BackupSession>
  /**
   * Removes snapshots, and returns those that were removed: one whose lock in the store has not ended stays. `prune` frees
   * what only they needed.
   */
  forget(ids: readonly ContentId[], options?: RepositoryCallOptions): Promise<readonly ContentId[]>
  /** Frees what no snapshot needs; safe beside running backups. */
  prune(options?: PruneOptions): Promise<PruneResult>
  /** Keeps what the snapshots need locked, in a repository that was opened with `lock`. Run it as often as backups. */
  extendLocks(options?: RepositoryCallOptions): Promise<ExtendedLocks>
  /** The passwords and keyrings that open the repository. */
  keys(options?: RepositoryCallOptions): Promise<KeySlot[]>
  /** Makes it open with one more password or keyring; returns the slot's id. */
  addKey(secret: RepositorySecret, options?: AddKeyOptions): Promise<ContentId>
  /**
   * Makes it open with another password or keyring in place of the one it was opened with; returns the slot's id. Ended
   * halfway, both open it. What is stored stays as it is: whoever has copied the old slot and knows its password can still
   * open what they copied.
   */
  rotateKey(secret: RepositorySecret, options?: AddKeyOptions): Promise<ContentId>
  /** Closes one way in. The slot it was opened with cannot be removed. */
  removeKey(id: ContentId): Promise<void>
  /** Ends the use of this object; the store stays the caller's to close. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Puts the repository's calls around what it was opened with. */
export function createRepository(context: RepositoryContext, openedWith: ContentId): Repository {
  const { config, store } = context
  const cache = new Map<ContentId, Snapshot>()
  const reader = createReader(context)
  let slot = openedWith
  let closed = false

  const use = (): RepositoryContext => {
    if (closed) throw repositoryErrors.BACKUP_REPOSITORY_CLOSED()
    return context
  }
  const find = async (name: string, signal: AbortSignal | undefined): Promise<Snapshot> =>
    findSnapshot((await loadSoundSnapshots(use(), reader, { cache, signal })).snapshots, name)

  const repository: Repository = {
    id: config.id,
    version: config.version,
    chunkerPolynomial: config.chunkerPolynomial,
    reader,
    async snapshots(filter = {}, { signal } = {}) {
      const { snapshots } = await loadSoundSnapshots(use(), reader, { cache, signal })
      return snapshots.filter((each) => matchesFilter(each, filter))
    },
    snapshot: (name, { signal } = {}) => find(name, signal),
    async *entries(name, path = '/', options = {}) {
      yield* listEntries(reader, await find(name, options.signal), path, options)
    },
    async *open(name, path, { signal } = {}) {
      yield* readContent(reader, await find(name, signal), path, signal)
    },
    begin: async (options = {}) => openSession(use(), reader, options),
    async forget(ids, { signal } = {}) {
      const locked = await stillLocked(use(), ids.map(snapshotKey), signal)
      const forgotten = ids.filter((id) => !locked.has(snapshotKey(id)))
      for (const id of forgotten) {
        await store.delete(snapshotKey(id), signal)
        cache.delete(id)
      }
      return forgotten
    },
    prune: async (options = {}) => prune(use(), createReader(context, { walks: true }), options),
    extendLocks: async ({ signal } = {}) => extendLocks(use(), signal),
    keys: async ({ signal } = {}) => listKeys(use().store, slot, signal),
    addKey: async (secret, options) => addKey(use(), checkSecret(secret), options),
    async rotateKey(secret, options = {}) {
      const old = slot
      const id = await addKey(use(), checkSecret(secret), options)
      slot = id
      await deleteSlot(store, old, options.signal)
      return id
    },
    async removeKey(id) {
      use()
      if (id === slot)
        throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: 'the key in use cannot be removed' })
      await deleteSlot(store, id)
    },
    async close() {
      closed = true
    },
    [Symbol.asyncDispose]: async () => repository.close(),
  }
  bindContext(repository, context)
  return repository
}

function snapshotKey(id: ContentId): string {
  return `snapshots/${id}`
}

function checkSecret(secret: RepositorySecret): RepositorySecret {
  if (secret === '') throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: 'the password is empty' })
  return secret
}
