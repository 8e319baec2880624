import type { DeleteObjectCommandOutput, PutObjectRetentionCommandOutput } from '@aws-sdk/client-s3'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { createIdGenerator } from '../../id/uuid.ts'
import type { Random } from '../../random/random.ts'
import { systemRandom } from '../../random/system-random.ts'
import { storageErrors } from '../../storage/errors.ts'
import { checkKey, keyProblem } from '../../storage/key.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { checkPut } from '../../storage/put-options.ts'
import { checkRange } from '../../storage/range.ts'
import { getObject, headObject } from './get-object.ts'
import { listObjects } from './list-objects.ts'
import { objectVersions } from './object-versions.ts'
import { putObject } from './put-object.ts'
import { givenFields, type S3ClientLike, type S3StoreCredentials } from './s3-client.ts'
import { renewingClient } from './renewing-client.ts'
import { send, type S3Context, type S3Sdk } from './s3-context.ts'
import { s3Profiles, type S3Profile } from './s3-profile.ts'
import { temporaryCredentials, type TemporaryCredentials } from './temporary-credentials.ts'

const mebibyte = 2 ** 20
const connectionTimeout = 10_000

/** Options of {@link s3Store}. */
export interface S3StoreOptions {
  /** Its name; it must exist. */
  readonly bucket: string
  /** The host's own client; it is never destroyed by the store. @default one made from the options below */
  readonly client?: S3ClientLike | undefined
  /** Address of the service. @default Amazon's, by region */
  readonly endpoint?: string | undefined
  /** @default the SDK's own way of finding it */
  readonly region?: string | undefined
  /**
   * A function is asked at the first request, again five minutes before what it gave expires, and when the service says that it
   * has: the request is then sent once more. @default the SDK's own way of finding them
   */
  readonly credentials?: S3StoreCredentials | (() => S3StoreCredentials | Promise<S3StoreCredentials>) | undefined
  /** Bucket in the path instead of the host. @default what the profile says; true with an endpoint */
  readonly pathStyle?: boolean | undefined
  /** Stands before every key, as a folder would. @default '' */
  readonly prefix?: string | undefined
  /**
   * Bytes per request: larger objects are uploaded in parts of this size, at most 10,000 of them. Up to
   * `concurrency + 2` parts are in memory per put. From 5 MiB to 5 GiB. @default 16 MiB
   */
  readonly partSize?: number | undefined
  /** Parts that are uploaded at the same time. @default 4 */
  readonly concurrency?: number | undefined
  /** What the service is; all but `aws` are experimental. @default 'aws' */
  readonly profile?: S3Profile | undefined
  /**
   * What kind of locks `lockedUntil` asks for: those of `governance` yield to users with the right to bypass them, those of
   * `compliance` to nobody, the account's owner included. @default 'compliance'
   */
  readonly lockMode?: 'compliance' | 'governance' | undefined
  /** Attempts per request, the first included, of the client that is made here. @default 4 */
  readonly attempts?: number | undefined
  /** Milliseconds that a connection may be silent, of the client that is made here. @default 60,000 */
  readonly idleTimeout?: number | undefined
  /** Gives `modifiedAt` of what `put` returns. @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** An object store in a bucket. */
export interface S3Store extends ObjectStore {
  /** Closes the connections of the client that the store made; does nothing for one that was passed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * An object store in a bucket of Amazon S3 or a service that speaks its protocol.
 *
 * - Every body is sent as a buffer with a checksum, so that the SDK can retry it; what is read is counted and checked.
 * - A put whose answer was lost is looked up by an id in its metadata: it neither fails although it succeeded, nor looks
 *   like a conflict. `modifiedAt` of what `put` returns is this machine's time; `head` and `list` give the service's.
 * - Retries are the SDK's. A request that still fails with 5xx is `CORE_STORAGE_UNAVAILABLE`.
 *
 * @throws `CORE_STORAGE_*` with `requestId` in the details where the service gave one; `CORE_STORAGE_PEER_MISSING` from the
 *   first call when `@aws-sdk/client-s3` is not installed.
 * @example
 * ```ts no-run
 * import { createReadStream } from 'node:fs'
 * import { s3Store } from '@exprsn/core/drivers/s3'
 *
 * const store = s3Store({ bucket: 'backups', region: 'eu-central-1', prefix: 'app' })
 * await store.put('2026/database.dump', createReadStream('database.dump'), { ifNoneMatch: '*' })
 * await store.close()
 * ```
 */
export function s3Store(options: S3StoreOptions): S3Store {
  checkOptions(options)
  let made: { destroy(): void } | undefined
  let opened: Promise<S3Context> | undefined

  const open = async (): Promise<S3Context> => {
    const sdk = await loadSdk()
    const { bucket, partSize = 16 * mebibyte, concurrency = 4, clock = systemClock, random = systemRandom } = options
    const traits = s3Profiles[options.profile ?? 'aws']
    const client = options.client ?? ownClient(sdk)
    const createId = createIdGenerator({ clock, random })
    const lockMode = options.lockMode === 'governance' ? 'GOVERNANCE' : 'COMPLIANCE'
    const prefix = folderPrefix(options.prefix)
    return { sdk, client, bucket, prefix, partSize, concurrency, traits, clock, createId, lockMode }
  }
  const ownClient = (sdk: S3Sdk): S3ClientLike => {
    const { credentials, clock = systemClock } = options
    const asked = typeof credentials === 'function' ? temporaryCredentials(credentials, clock) : undefined
    const client = createClient(sdk, options, asked?.provide ?? (credentials as S3StoreCredentials | undefined))
    made = client
    return asked === undefined ? client : renewingClient(client, asked)
  }
  const context = (): Promise<S3Context> => (opened ??= open())

  const close = async (): Promise<void> => {
    await opened?.catch(() => undefined)
    made?.destroy()
  }

  return {
    async put(key, body, putOptions = {}) {
      checkPut(key, putOptions)
      return putObject(await context(), key, body, putOptions)
    },
    async get(key, getOptions = {}) {
      getOptions.signal?.throwIfAborted()
      checkRange(checkKey(key), getOptions.range)
      return getObject(await context(), key, getOptions)
    },
    async head(key, { signal } = {}) {
      signal?.throwIfAborted()
      checkKey(key)
      return (await headObject(await context(), key, signal))?.info
    },
    async *list(listOptions = {}) {
      listOptions.signal?.throwIfAborted()
      yield* listObjects(await context(), listOptions)
    },
    async delete(key, { signal } = {}) {
      signal?.throwIfAborted()
      checkKey(key)
      const { sdk, bucket, prefix } = await context()
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: prefix + key })
      await send<DeleteObjectCommandOutput>(await context(), command, { operation: 'delete', key, signal })
    },
    async extendLock(key, until, { signal } = {}) {
      checkPut(key, { lockedUntil: until, signal })
      const { sdk, bucket, prefix, lockMode } = await context()
      const command = new sdk.PutObjectRetentionCommand({
        ...{ Bucket: bucket, Key: prefix + key },
        Retention: { Mode: lockMode, RetainUntilDate: until },
      })
      await send<PutObjectRetentionCommandOutput>(await context(), command, { operation: 'lock', key, signal })
    },
    versions: objectVersions(context),

    close,
    [Symbol.asyncDispose]: close,
  }
}

async function loadSdk(): Promise<S3Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw storageErrors.CORE_STORAGE_PEER_MISSING({ peer: '@aws-sdk/client-s3' }, { cause })
  }
}

function createClient(
  sdk: S3Sdk,
  options: S3StoreOptions,
  credentials: S3StoreCredentials | TemporaryCredentials['provide'] | undefined,
): InstanceType<S3Sdk['S3Client']> {
  const { endpoint, region, profile = 'aws', attempts = 4, idleTimeout = 60_000 } = options
  const traits = s3Profiles[profile]
  const checksums = traits.checksums ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED'
  return new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined
      ? {}
      : { credentials: typeof credentials === 'function' ? credentials : givenFields(credentials) }),
    forcePathStyle: options.pathStyle ?? (traits.pathStyle || endpoint !== undefined),
    maxAttempts: attempts,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: { connectionTimeout, socketTimeout: idleTimeout },
  })
}

function checkOptions({ bucket, prefix, partSize, concurrency }: S3StoreOptions): void {
  if (typeof bucket !== 'string' || bucket === '') throw invalid('bucket', 'it is empty')
  const problem = keyProblem(folderPrefix(prefix) + 'x')
  if (problem !== undefined) throw invalid('prefix', problem)
  if (
    partSize !== undefined &&
    !(Number.isInteger(partSize) && partSize >= 5 * mebibyte && partSize <= 5 * 1_024 * mebibyte)
  )
    throw invalid('partSize', 'it is not from 5 MiB to 5 GiB')
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 100))
    throw invalid('concurrency', 'it is not from 1 to 100')
}

function folderPrefix(prefix = ''): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}

function invalid(option: string, reason: string) {
  return storageErrors.CORE_STORAGE_OPTION_INVALID({ option, reason })
}
