import { ExprsnError, milliseconds, silentLogger, systemClock, systemRandom } from '@exprsn/core'
import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import { hostname as systemHostname, userInfo } from 'node:os'
import { createConfig, decodeConfig, encodeConfig, type RepositoryConfig } from './config/config.ts'
import type { RepositoryContext } from './context.ts'
import { repositoryErrors } from './errors.ts'
import type { ScryptCost } from './key/derive-key.ts'
import { createKeyFile } from './key/key-file.ts'
import { openKey, putKeyFile, type OpenedKey } from './key/key-slots.ts'
import { masterKeyOf, type MasterKey } from './key/master-key.ts'
import { defaultCompression, type CompressionSettings } from './object/compression.ts'
import type { Bandwidth } from './object/pace.ts'
import { isNotFound, repositoryStore, type RepositoryStore } from './object/repository-store.ts'
import { openSealed, sealPlain } from '../seal/index.ts'
import { sealedObjects } from './object/sealed-objects.ts'
import { createRepository, type Repository } from './repository.ts'

/** Options of {@link openRepository}. */
export interface OpenRepositoryOptions {
  /** Where the repository lies: a folder, a bucket, memory. It stays the caller's to close. */
  readonly store: ObjectStore
  /** Opens the master key. Whoever loses every password of a repository has lost the repository. */
  readonly password: string
  /**
   * What to do when there is no repository yet: `'never'` throws, `'if-missing'` makes one, `'new'` makes one and throws
   * when there is one already. @default 'never'
   */
  readonly create?: 'never' | 'if-missing' | 'new' | undefined
  /** Cost of opening a new repository's key. @default { N: 32768, r: 8, p: 4 } */
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
 * `BACKUP_REPOSITORY_PASSWORD`, `BACKUP_REPOSITORY_NO_KEY`, `BACKUP_REPOSITORY_VERSION`, `BACKUP_OBJECT_CORRUPT`, and the
 * store's own errors.
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
export async function openRepository(options: OpenRepositoryOptions): Promise<Repository> {
  const { clock = systemClock, random = systemRandom, password, create = 'never', signal } = options
  if (typeof password !== 'string' || password === '') throw invalid('the password is empty')
  const packSize = options.packSize ?? 16 * 2 ** 20
  if (!Number.isInteger(packSize) || packSize < 1_024 || packSize > 128 * 2 ** 20)
    throw invalid('packSize is not between 1 KiB and 128 MiB')
  const { bandwidth = {}, attempts = 4 } = options
  for (const rate of [bandwidth.upload, bandwidth.download])
    if (rate !== undefined && !(Number.isFinite(rate) && rate > 0)) throw invalid('a bandwidth is no number above 0')
  const store = repositoryStore(options.store, { clock, random, attempts, bandwidth })
  const sealed = await readConfig(store, signal)
  if (sealed === undefined && create === 'never') throw repositoryErrors.BACKUP_REPOSITORY_MISSING()
  if (sealed !== undefined && create === 'new') throw repositoryErrors.BACKUP_REPOSITORY_EXISTS()
  const who = { hostname: options.hostname ?? systemHostname(), username: options.username ?? userInfo().username }
  const opened =
    sealed === undefined
      ? await make(store, options.store, { ...who, password, cost: options.scrypt, clock, random, signal })
      : await openExisting(store, sealed, password, signal)
  return assemble(opened, { ...options, ...who, clock, random, packSize }, store)
}

const invalid = (reason: string) => repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason })

interface Opened extends OpenedKey {
  readonly config: RepositoryConfig
}

async function readConfig(store: RepositoryStore, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await store.get('config', { signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function openExisting(
  store: RepositoryStore,
  sealed: Uint8Array,
  password: string,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const { master, slot } = await openKey(store, password, signal)
  const plain = openSealed(master, sealed)
  if (plain === undefined)
    throw repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: 'config', reason: 'its authenticator does not match' })
  return { master, slot, config: decodeConfig(plain) }
}

interface MakeOptions {
  readonly password: string
  readonly cost: ScryptCost | undefined
  readonly hostname: string
  readonly username: string
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal | undefined
}

/** The key goes first and the config last: with the config the repository exists, and somebody can open it. */
async function make(store: RepositoryStore, raw: ObjectStore, options: MakeOptions): Promise<Opened> {
  const { password, cost, hostname, username, clock, random, signal } = options
  await refuseForeign(raw, signal)
  const master = masterKeyOf(random.bytes(64))
  const now = clock.now()
  const file = await createKeyFile(master, { password, random, now, hostname, username, cost })
  const slot = await putKeyFile(store, file, signal)
  const config = createConfig(random)
  if (await putConfig(raw, sealPlain(master, encodeConfig(config), random), signal)) return { master, slot, config }
  // Another program made it in the same moment: its key opens the repository, ours opens nothing.
  await store.delete(`keys/${slot}`, signal)
  const sealed = await store.get('config', { signal })
  return openExisting(store, sealed, password, signal)
}

/** Keys alone are what an interrupted creation leaves. Anything else is somebody's. */
async function refuseForeign(store: ObjectStore, signal: AbortSignal | undefined): Promise<void> {
  for await (const { key } of store.list({ signal }))
    if (!key.startsWith('keys/')) throw repositoryErrors.BACKUP_REPOSITORY_FOREIGN({ key })
}

/** Whether it was this call that stored the config. */
async function putConfig(store: ObjectStore, sealed: Uint8Array, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await store.put('config', sealed, { ifNoneMatch: '*', signal })
    return true
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    if (error.code === 'CORE_STORAGE_CONFLICT') return isOurs(store, sealed)
    if (error.code !== 'CORE_STORAGE_CONDITION_UNSUPPORTED') throw error
    await store.put('config', sealed, { signal })
    return true
  }
}

/** A conditional put whose answer was lost meets itself when it is sent again. */
async function isOurs(store: ObjectStore, sealed: Uint8Array): Promise<boolean> {
  return Buffer.compare(await (await store.get('config')).bytes(), sealed) === 0
}

type Assembly = OpenRepositoryOptions &
  Required<Pick<RepositoryContext, 'clock' | 'random' | 'packSize' | 'hostname' | 'username'>>

function assemble({ master, slot, config }: Opened, options: Assembly, store: RepositoryStore): Repository {
  const { clock, random, packSize, hostname, username } = options
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
  options: Omit<OpenRepositoryOptions, 'password' | 'create' | 'scrypt'>,
): Repository {
  const { clock = systemClock, random = systemRandom } = options
  const store = repositoryStore(options.store, { clock, random, attempts: options.attempts ?? 4 })
  const assembly = {
    ...options,
    password: '',
    clock,
    random,
    packSize: options.packSize ?? 16 * 2 ** 20,
    hostname: options.hostname ?? '',
    username: options.username ?? '',
  }
  return assemble({ master, config, slot: '' }, assembly, store)
}
