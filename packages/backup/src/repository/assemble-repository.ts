import { milliseconds, silentLogger, systemClock, systemRandom } from '@exprsn/core'
import type { RepositoryConfig } from './config/config.ts'
import type { RepositoryContext } from './context.ts'
import type { OpenedKey } from './key/key-slots.ts'
import type { MasterKey } from './key/master-key.ts'
import { defaultCompression } from './object/compression.ts'
import { repositoryStore, type RepositoryStore } from './object/repository-store.ts'
import { sealedObjects } from './object/sealed-objects.ts'
import { lockOf, type OpenRepositoryOptions } from './open-repository.ts'
import { createRepository, type Repository } from './repository.ts'

/** What opening a repository comes to. */
export interface OpenedRepository extends OpenedKey {
  readonly config: RepositoryConfig
}

/** Options of opening, those that have a default of the machine's filled in. */
export type Assembly = Omit<OpenRepositoryOptions, 'lock'> &
  Required<Pick<RepositoryContext, 'clock' | 'random' | 'packSize' | 'hostname' | 'username'>> &
  Pick<RepositoryContext, 'lock'>

/** Puts a repository together from what opens it. Apart from the opening, so that a key is derived while this is loaded. */
export function assembleRepository(
  { master, slot, config }: OpenedRepository,
  options: Assembly,
  store: RepositoryStore,
): Repository {
  const { clock, random, packSize, hostname, username, lock } = options
  const context: RepositoryContext = {
    store,
    objects: sealedObjects({ store, key: master, version: config.version, random }),
    key: master,
    config,
    clock,
    random,
    packSize,
    hostname,
    username,
    logger: options.logger ?? silentLogger,
    compression: options.compression === false ? undefined : (options.compression ?? defaultCompression),
    resticLocks: options.resticLocks ?? true,
    sessionTimeout: milliseconds(options.sessionTimeout ?? '1h'),
    listDelay: milliseconds(options.listDelay ?? 0),
    lock,
  }
  return createRepository(context, slot)
}

/** A key and config that need no derivation: how simulations open thousands of repositories. */
export interface RepositorySecrets {
  readonly master: MasterKey
  readonly config: RepositoryConfig
}

/** Opens a repository whose master key is known. No object is read. */
export function repositoryWithKey(
  { master, config }: RepositorySecrets,
  options: Omit<OpenRepositoryOptions, 'password' | 'keyring' | 'create' | 'scrypt'>,
): Repository {
  const { clock = systemClock, random = systemRandom } = options
  const store = repositoryStore(options.store, { clock, random, attempts: options.attempts ?? 4 })
  const assembly = {
    ...options,
    clock,
    random,
    packSize: options.packSize ?? 16 * 2 ** 20,
    hostname: options.hostname ?? '',
    username: options.username ?? '',
    lock: lockOf(options),
  }
  return assembleRepository({ master, config, slot: '' }, assembly, store)
}
