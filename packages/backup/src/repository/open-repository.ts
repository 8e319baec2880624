import { ExprsnError, milliseconds, systemClock, systemRandom } from '@exprsn/core'
import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Keyring } from '@exprsn/core/crypto'
import type { ObjectStore } from '@exprsn/core/storage'
import { hostname as systemHostname, userInfo } from 'node:os'
import { openSealed, sealPlain } from '../seal/index.ts'
import type { OpenedRepository } from './assemble-repository.ts'
import { createConfig, decodeConfig, encodeConfig } from './config/config.ts'
import { repositoryErrors } from './errors.ts'
import type { ScryptCost } from './key/scrypt-cost.ts'
import { deleteSlot, isKeySlot, openKey, putSlot, type OpenedKey, type RepositorySecret } from './key/key-slots.ts'
import { masterKeyOf } from './key/master-key.ts'
import type { CompressionSettings } from './object/compression.ts'
import type { Bandwidth } from './object/bandwidth.ts'
import { isNotFound, repositoryStore, type RepositoryStore } from './object/repository-store.ts'
import { bindDerivation } from './opening.ts'
import type { Repository } from './repository.ts'

/** Options of {@link openRepository}. */
export interface OpenRepositoryOptions {
  /** Where the repository lies: a folder, a bucket, memory. It stays the caller's to close. */
  readonly store: ObjectStore
  /**
   * Opens the master key; this or `keyring`. Whoever loses every password and keyring of a repository has lost the
   * repository.
   */
  readonly password?: string | undefined
  /**
   * Opens the master key in place of a password, for hosts whose keys lie in a key service. Restic cannot open a
   * repository made like this before a password was added with `addKey`.
   */
  readonly keyring?: Keyring | undefined
  /**
   * What to do when there is no repository yet: `'never'` throws, `'if-missing'` makes one, `'new'` makes one and throws
   * when there is one already. @default 'never'
   */
  readonly create?: 'never' | 'if-missing' | 'new' | undefined
  /** Cost of opening a new repository's key, and the one that is expected of another's. @default { N: 32768, r: 8, p: 4 } */
  readonly scrypt?: ScryptCost | undefined
  /** Bytes at which a pack is stored. @default 16 MiB */
  readonly packSize?: number | undefined
  /** How new content is compressed; `false`: not at all. @default { level: 2, minMatch: 5 } */
  readonly compression?: CompressionSettings | false | undefined
  /**
   * Whether restic's locks are taken and honoured, so that restic clients can share the repository. Turn it off where
   * nothing may be deleted, such as in a bucket with object lock. @default true
   */
  readonly resticLocks?: boolean | undefined
  /**
   * Nobody can destroy what is stored for this long, not even with the store's credentials: for buckets that were made with
   * object lock. `extendLocks`, which `maintain` calls, keeps what snapshots need locked for at least half of it; forget and
   * prune leave alone what is locked. @default nothing is locked
   */
  readonly lock?: Duration | undefined
  /** A backup that shows no sign of life for this long is taken for dead by a prune. @default '1h' */
  readonly sessionTimeout?: Duration | undefined
  /** How long a listing of the store may lag behind. Folders and the S3 services of today do not. @default 0 */
  readonly listDelay?: Duration | undefined
  /** Attempts per operation of the store. @default 4 */
  readonly attempts?: number | undefined
  /** Bytes per second to and from the store, so that a backup leaves room for others. @default no limit */
  readonly bandwidth?: Bandwidth | undefined
  /** @default the machine's */
  readonly hostname?: string | undefined
  /** @default the process's user */
  readonly username?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a backup repository in restic's format (version 2), or makes one. Everything in it can be read, checked and
 * restored with restic too, and repositories that restic made can be opened here.
 *
 * @throws `BACKUP_REPOSITORY_MISSING`, `BACKUP_REPOSITORY_EXISTS`, `BACKUP_REPOSITORY_FOREIGN`,
 * `BACKUP_REPOSITORY_PASSWORD`, `BACKUP_REPOSITORY_KEYRING`, `BACKUP_REPOSITORY_NO_KEY`, `BACKUP_REPOSITORY_VERSION`,
 * `BACKUP_REPOSITORY_OPTION_INVALID`, `BACKUP_OBJECT_CORRUPT`, and the errors of store and keyring.
 * @example
 * ```ts
 * import { openRepository } from '@exprsn/backup'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const store = memoryStore()
 * const scrypt = { N: 1024, r: 8, p: 1 } // cheap, for this example only
 * const repository = await openRepository({ store, password: 'correct horse', create: 'if-missing', scrypt })
 * console.log(repository.version, (await repository.snapshots()).length) // 2 0
 * ```
 */
export function openRepository(options: OpenRepositoryOptions): Promise<Repository> {
  const { promise: derivation, resolve: onDerivation } = Promise.withResolvers<void>()
  const opening = open(options, derivation, onDerivation).finally(onDerivation)
  bindDerivation(opening, derivation)
  return opening
}

async function open(
  options: OpenRepositoryOptions,
  derivation: Promise<void>,
  onDerivation: () => void,
): Promise<Repository> {
  const { clock = systemClock, random = systemRandom, create = 'never', signal } = options
  const secret = secretOf(options)
  const packSize = options.packSize ?? 16 * 2 ** 20
  if (!Number.isInteger(packSize) || packSize < 1_024 || packSize > 128 * 2 ** 20)
    throw invalid('packSize is not between 1 KiB and 128 MiB')
  const { bandwidth = {}, attempts = 4 } = options
  for (const rate of [bandwidth.upload, bandwidth.download])
    if (rate !== undefined && !(Number.isFinite(rate) && rate > 0)) throw invalid('a bandwidth is no number above 0')
  const lock = lockOf(options)
  const store = repositoryStore(options.store, { clock, random, attempts, bandwidth, lock })
  const key = openKey(store, secret, { onDerivation, cost: options.scrypt, signal })
  // A failure is told where the key is awaited: in a store that is no repository yet there is none.
  key.then(onDerivation, onDerivation)
  const sealed = await readConfig(store, signal)
  if (sealed === undefined && create === 'never') throw repositoryErrors.BACKUP_REPOSITORY_MISSING()
  if (sealed !== undefined && create === 'new') throw repositoryErrors.BACKUP_REPOSITORY_EXISTS()
  const who = { hostname: options.hostname ?? systemHostname(), username: options.username ?? userInfo().username }
  // What works with the repository is loaded while the key is derived: nothing else takes as long.
  const [opened, { assembleRepository }] = await Promise.all([
    sealed === undefined
      ? make(store, options.store, { ...who, secret, lock, cost: options.scrypt, clock, random, signal })
      : key.then((found) => openConfig(found, sealed)),
    derivation.then(() => import('./assemble-repository.ts')),
  ])
  return assembleRepository(opened, { ...options, ...who, clock, random, packSize, lock }, store)
}

/**
 * The one thing that opens a repository.
 *
 * @throws `BACKUP_REPOSITORY_OPTION_INVALID`
 */
export function secretOf({ password, keyring }: Pick<OpenRepositoryOptions, 'password' | 'keyring'>): RepositorySecret {
  if (password !== undefined && keyring !== undefined) throw invalid('both password and keyring are given')
  const secret = password ?? keyring
  if (secret === undefined) throw invalid('neither password nor keyring is given')
  if (secret === '') throw invalid('the password is empty')
  return secret
}

/**
 * Milliseconds for which a repository locks what it stores.
 *
 * @throws `BACKUP_REPOSITORY_OPTION_INVALID`
 */
export function lockOf({ lock, store }: Pick<OpenRepositoryOptions, 'lock' | 'store'>): number | undefined {
  if (lock === undefined) return undefined
  if (store.extendLock === undefined) throw invalid('this store has no locks')
  const time = milliseconds(lock)
  if (time < shortestLock) throw invalid('a lock of less than a day protects nothing')
  return time
}

const shortestLock = 86_400_000

const invalid = (reason: string) => repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason })

async function readConfig(store: RepositoryStore, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await store.get('config', { signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function openConfig({ master, slot }: OpenedKey, sealed: Uint8Array): OpenedRepository {
  const plain = openSealed(master, sealed)
  if (plain === undefined)
    throw repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: 'config', reason: 'its authenticator does not match' })
  return { master, slot, config: decodeConfig(plain) }
}

interface MakeOptions {
  readonly secret: RepositorySecret
  readonly lock: number | undefined
  readonly cost: ScryptCost | undefined
  readonly hostname: string
  readonly username: string
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal | undefined
}

/** The key goes first and the config last: with the config the repository exists, and somebody can open it. */
async function make(store: RepositoryStore, raw: ObjectStore, options: MakeOptions): Promise<OpenedRepository> {
  const { secret, clock, random, signal } = options
  await refuseForeign(raw, signal)
  const master = masterKeyOf(random.bytes(64))
  const slot = await putSlot(store, master, { ...options, now: clock.now() })
  const config = createConfig(random)
  const lockedUntil = options.lock === undefined ? undefined : new Date(clock.now() + options.lock)
  if (await putConfig(raw, sealPlain(master, encodeConfig(config), random), lockedUntil, signal))
    return { master, slot, config }
  // Another program made it in the same moment: its key opens the repository, ours opens nothing.
  await deleteSlot(store, slot, signal)
  const sealed = await store.get('config', { signal })
  return openConfig(await openKey(store, secret, { cost: options.cost, signal }), sealed)
}

/** Keys alone are what an interrupted creation leaves. Anything else is somebody's. */
async function refuseForeign(store: ObjectStore, signal: AbortSignal | undefined): Promise<void> {
  for await (const { key } of store.list({ signal }))
    if (!isKeySlot(key)) throw repositoryErrors.BACKUP_REPOSITORY_FOREIGN({ key })
}

/** Whether it was this call that stored the config. */
async function putConfig(
  store: ObjectStore,
  sealed: Uint8Array,
  lockedUntil: Date | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await store.put('config', sealed, { ifNoneMatch: '*', lockedUntil, signal })
    return true
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    if (error.code === 'CORE_STORAGE_CONFLICT') return isOurs(store, sealed)
    if (error.code !== 'CORE_STORAGE_CONDITION_UNSUPPORTED') throw error
    await store.put('config', sealed, { lockedUntil, signal })
    return true
  }
}

/** A conditional put whose answer was lost meets itself when it is sent again. */
async function isOurs(store: ObjectStore, sealed: Uint8Array): Promise<boolean> {
  return Buffer.compare(await (await store.get('config')).bytes(), sealed) === 0
}
