import type { Repository } from '../repository/index.ts'
import { putSlot } from '../repository/key/key-slots.ts'
import { isNotFound, repositoryStore } from '../repository/object/repository-store.ts'
import { lockOf, openRepository, secretOf, type OpenRepositoryOptions } from '../repository/open-repository.ts'
import { contextOf } from '../repository/repository-context.ts'
import { replicateErrors } from './errors.ts'

/** Where a replica lies, and what opens it. */
export interface ReplicaOptions extends Omit<OpenRepositoryOptions, 'create' | 'signal'> {
  /** Names it in reports and alerts. @default 'replica' */
  readonly name?: string | undefined
}

/**
 * Opens a replica, or makes it in an empty store: the same repository (id, master key) with a key slot for the replica's
 * own password or keyring, so that objects are copied as they are and the replica stands on its own.
 *
 * @throws `BACKUP_REPLICA_OTHER`, and what `openRepository` throws.
 */
export async function openReplica(
  repository: Repository,
  { name: _name, ...options }: ReplicaOptions,
  signal?: AbortSignal,
): Promise<Repository> {
  const source = contextOf(repository)
  const { clock, random, hostname, username, key } = source
  const store = repositoryStore(options.store, {
    clock,
    random,
    attempts: options.attempts ?? 4,
    lock: lockOf(options),
  })
  if (!(await hasConfig(store, signal))) {
    const config = await source.store.get('config', { signal })
    const facts = { random, now: clock.now(), hostname, username, signal }
    await putSlot(store, key, { ...facts, secret: secretOf(options), cost: options.scrypt })
    await store.put('config', config, { signal })
  }
  const { packSize, resticLocks, listDelay, logger, sessionTimeout } = source
  const inherited = { packSize, resticLocks, listDelay, logger, sessionTimeout, clock, random, hostname, username }
  const replica = await openRepository({ ...inherited, ...options, create: 'never', signal })
  if (replica.id === repository.id) return replica
  throw replicateErrors.BACKUP_REPLICA_OTHER({ found: replica.id.slice(0, 8), expected: repository.id.slice(0, 8) })
}

async function hasConfig(store: ReturnType<typeof repositoryStore>, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await store.get('config', { signal })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}
