import { S3Client } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ListOptions, ObjectStore, ObjectVersion } from '../storage/object-store.ts'
import { simulateS3, type S3Simulator } from '../testing/s3/simulate-s3.ts'
import { storageConformance, storageVersionsConformance } from '../testing/storage-conformance.ts'
import { bytesOf, getText, keysOf, patternOf, putText, streamOf } from '../testing/storage-conformance/expect.ts'
import { s3Store, type S3Store, type S3StoreOptions } from './s3.ts'

const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
const mebibyte = 2 ** 20
const partSize = 5 * mebibyte

let simulator: S3Simulator
let endpoint: string
const opened: S3Store[] = []

beforeEach(async () => {
  simulator = simulateS3({ buckets: ['bucket'] })
  endpoint = (await simulator.start()).endpoint
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
  await simulator.close()
})

function open(options: Partial<S3StoreOptions> = {}): S3Store {
  const store = s3Store({ bucket: 'bucket', endpoint, region: 'us-east-1', credentials, partSize, ...options })
  opened.push(store)
  return store
}

describe('s3Store against the simulator', () => {
  it.each(storageConformance)('$name', ({ run }) => run(open({ prefix: 'some/where' })))
})

describe('s3Store of a bucket that keeps versions', () => {
  let kept: S3Simulator
  beforeEach(async () => {
    kept = simulateS3({ buckets: [{ name: 'bucket', versioning: true }, 'plain'], limits: { page: 40 } })
    endpoint = (await kept.start()).endpoint
  })
  afterEach(() => kept.close())

  it.each(storageConformance)('$name', ({ run }) => run(open({ prefix: 'some/where' })))
  it.each(storageVersionsConformance)('$name', ({ run }) => run(open({ prefix: 'some/where' })))

  it('tells whether versions are kept, and lists those of a bucket that keeps none', async () => {
    const store = open({ bucket: 'plain' })
    expect(await store.versions!.areKept()).toBe(false)
    await putText(store, 'key', 'one')
    await putText(store, 'key', 'two')
    const [version, ...more] = await versionsOf(store)
    expect(version).toMatchObject({ key: 'key', versionId: 'null', isLatest: true, isDeleted: false })
    expect(more).toEqual([])
    expect(Buffer.from(await (await store.versions!.get('key', 'null')).bytes()).toString()).toBe('two')
  })

  it('lists versions page after page, also where a page ends between those of a key', async () => {
    const store = open()
    const keys = Array.from({ length: 12 }, (_, index) => `key ${index}`)
    for (let round = 0; round < 5; round++) await Promise.all(keys.map((key) => putText(store, key, `${round}`)))
    for (const key of keys.slice(0, 4)) await store.delete(key)
    const versions = await versionsOf(store)
    expect(versions).toHaveLength(64)
    expect(kept.requests.filter(({ operation }) => operation === 'ListObjectVersions')).toHaveLength(2)
    expect(new Set(versions.map(({ key, versionId }) => `${key} ${versionId}`)).size).toBe(64)
    expect(versions.filter(({ isDeleted }) => isDeleted)).toHaveLength(4)
    for (const [index, { key, isLatest }] of versions.entries()) expect(isLatest).toBe(versions[index - 1]?.key !== key)
    expect(new Set((await versionsOf(store, { after: 'key 7' })).map(({ key }) => key))).toEqual(
      new Set(keys.slice(8, 10)),
    )
  })

  it('says who may not look at the past', async () => {
    const wrong = open({ credentials: { ...credentials, secretAccessKey: 'wrong' } })
    const denied = expect.objectContaining({ code: 'CORE_STORAGE_DENIED' })
    await expect(wrong.versions!.areKept()).rejects.toEqual(denied)
    await expect(versionsOf(wrong)).rejects.toEqual(denied)
    await expect(wrong.versions!.get('key', 'null')).rejects.toEqual(denied)
    await expect(versionsOf(open({ bucket: 'missing' }))).rejects.toMatchObject({
      code: 'CORE_STORAGE_BUCKET_NOT_FOUND',
    })
  })
})

describe('s3Store with object lock', () => {
  const day = 86_400_000
  const today = Math.floor(Date.now() / 1_000) * 1_000
  const until = (days: number): Date => new Date(today + days * day)
  let locked: S3Simulator
  beforeEach(async () => {
    locked = simulateS3({ buckets: [{ name: 'bucket', objectLock: true }] })
    endpoint = (await locked.start()).endpoint
  })
  afterEach(() => locked.close())

  it('locks content for as long as it is told, in one request or in parts', async () => {
    const store = open()
    for (const body of [patternOf(10), patternOf(partSize + 10)]) {
      expect((await store.put('key', body, { lockedUntil: until(3) })).lockedUntil).toEqual(until(3))
      expect((await store.head('key'))!.lockedUntil).toEqual(until(3))
      expect((await store.get('key')).lockedUntil).toEqual(until(3))
    }
    await putText(store, 'free', 'x')
    expect((await store.head('free'))!.lockedUntil).toBeUndefined()
  })

  it('extends a lock, and takes nothing of it away', async () => {
    const store = open()
    await putText(store, 'key', 'x', { lockedUntil: until(3) })
    await store.extendLock!('key', until(5))
    expect((await store.head('key'))!.lockedUntil).toEqual(until(5))
    await expect(store.extendLock!('key', until(4))).rejects.toMatchObject({ code: 'CORE_STORAGE_DENIED' })
    await expect(store.extendLock!('none', until(4))).rejects.toMatchObject({ code: 'CORE_STORAGE_NOT_FOUND' })
    await expect(open({ lockMode: 'governance' }).extendLock!('key', until(9))).rejects.toMatchObject({
      code: 'CORE_STORAGE_DENIED',
    })
    await expect(store.extendLock!('key', new Date(Number.NaN))).rejects.toMatchObject({
      code: 'CORE_STORAGE_OPTION_INVALID',
    })
  })

  it('keeps a locked version that was deleted', async () => {
    const store = open({ lockMode: 'governance' })
    const made = await putText(store, 'key', 'x', { lockedUntil: new Date(Date.now() + day) })
    await store.delete('key')
    expect(await store.head('key')).toBeUndefined()
    expect(made.lockedUntil).toBeDefined()
    const versions = locked.requests.filter(({ operation }) => operation === 'DeleteObject')
    expect(versions.map(({ status }) => status)).toEqual([204])
  })

  it('says so when the bucket has none', async () => {
    const plain = simulateS3({ buckets: ['bucket'] })
    endpoint = (await plain.start()).endpoint
    const store = open()
    await putText(store, 'key', 'x')
    for (const attempt of [
      () => putText(store, 'other', 'x', { lockedUntil: until(1) }),
      () => store.extendLock!('key', until(1)),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'CORE_STORAGE_LOCK_UNSUPPORTED' })
    await plain.close()
  })
})

describe('s3Store under the profile', () => {
  for (const profile of ['r2', 'ceph', 'minio'] as const)
    it(`${profile} stores parts and conditions`, async () => {
      const store = open({ profile })
      await store.put('big', patternOf(partSize + 10), { ifNoneMatch: '*' })
      await expect(putText(store, 'big', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject({
        code: 'CORE_STORAGE_CONFLICT',
      })
      expect((await (await store.get('big')).bytes()).length).toBe(partSize + 10)
      const sha256 = createHash('sha256').update('right').digest('hex')
      await expect(putText(store, 'key', 'wrong', { sha256 })).rejects.toMatchObject({ code: 'CORE_STORAGE_CHECKSUM' })
    })

  it('b2 refuses conditions instead of ignoring them', async () => {
    const put = putText(open({ profile: 'b2' }), 'key', 'x', { ifNoneMatch: '*' })
    await expect(put).rejects.toMatchObject({ code: 'CORE_STORAGE_CONDITION_UNSUPPORTED' })
    expect(simulator.requests).toEqual([])
  })
})

describe('s3Store.put of a large object', () => {
  const content = patternOf(2 * partSize + 12_345)

  it('uploads parts, from bytes and from a stream of any chunks', async () => {
    const store = open()
    await store.put('bytes', content, { metadata: { a: 'ü' }, contentType: 'text/plain' })
    const chunks = Array.from({ length: 40 }, (_, index) => content.subarray(index * 300_000, (index + 1) * 300_000))
    await store.put('stream', streamOf(...chunks))
    for (const key of ['bytes', 'stream']) expect(await sameBytes(store, key, content)).toBe(true)
    expect(await store.head('bytes')).toMatchObject({
      metadata: { a: 'ü' },
      contentType: 'text/plain',
      size: content.length,
    })
    expect(operations().filter((name) => name === 'UploadPart')).toHaveLength(6)
    expect((await store.head('bytes'))?.etag).toMatch(/-3$/)
  })

  it('sends exactly one part for a body of exactly one part', async () => {
    await open().put('key', streamOf(content.subarray(0, partSize)))
    expect(operations()).toEqual(['PutObject'])
  })

  it('leaves no upload behind when a part, the source or the completion fails', async () => {
    const store = open({ attempts: 1 })
    simulator.plan({ kind: 'internal-error', operation: 'UploadPart' })
    await expect(store.put('key', content)).rejects.toMatchObject({ code: 'CORE_STORAGE_UNAVAILABLE', retryable: true })
    const failure = new Error('source')
    const broken = (async function* () {
      yield content
      throw failure
    })()
    await expect(store.put('key', broken)).rejects.toBe(failure)
    await store.put('key', bytesOf('first'))
    await expect(store.put('key', content, { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'CORE_STORAGE_CONFLICT',
    })
    const sha256 = '0'.repeat(64)
    await expect(store.put('key', content, { sha256 })).rejects.toMatchObject({ code: 'CORE_STORAGE_CHECKSUM' })
    expect(simulator.openUploads('bucket')).toBe(0)
    expect(await getText(store, 'key')).toBe('first')
  })

  it('stops and cleans up when the caller gives up', async () => {
    const controller = new AbortController()
    const reason = new Error('given up')
    const body = (async function* () {
      yield content
      controller.abort(reason)
      yield content
    })()
    await expect(open().put('key', body, { signal: controller.signal })).rejects.toBe(reason)
    expect(simulator.openUploads('bucket')).toBe(0)
  })

  it('finds out that a completion whose answer was lost has succeeded', async () => {
    const store = open()
    simulator.plan({ kind: 'lost-response', operation: 'CompleteMultipartUpload' })
    const info = await store.put('key', content, { ifNoneMatch: '*' })
    expect(info).toMatchObject({ size: content.length, etag: (await store.head('key'))?.etag })
    expect(simulator.hits['lost-response']).toBe(1)
    expect(await sameBytes(store, 'key', content)).toBe(true)
  })

  it('accepts the right SHA-256 of a stream', async () => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    expect((await open().put('key', streamOf(content), { sha256 })).size).toBe(content.length)
  })
})

describe('s3Store when answers get lost', () => {
  for (const attempts of [1, 3])
    it(`a conditional put that succeeded is a success, with ${attempts} attempts`, async () => {
      const store = open({ attempts })
      simulator.plan({ kind: 'lost-response', operation: 'PutObject' })
      const { etag } = await putText(store, 'key', 'one', { ifNoneMatch: '*' })
      simulator.plan({ kind: 'lost-response', operation: 'PutObject' })
      await putText(store, 'key', 'two', { ifMatch: etag })
      expect(await getText(store, 'key')).toBe('two')
      expect(simulator.hits['lost-response']).toBe(2)
    })

  it('a put that was not done is an error that may be retried', async () => {
    const store = open({ attempts: 1 })
    simulator.plan({ kind: 'lost-request', operation: 'PutObject' })
    const put = putText(store, 'key', 'one', { ifNoneMatch: '*' })
    await expect(put).rejects.toMatchObject({ code: 'CORE_STORAGE_UNAVAILABLE', retryable: true })
    expect(await store.head('key')).toBeUndefined()
  })

  it('the object of somebody else stays a conflict', async () => {
    const store = open({ attempts: 1 })
    await putText(store, 'key', 'theirs')
    simulator.plan({ kind: 'lost-request', operation: 'PutObject' })
    await expect(putText(store, 'key', 'ours', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'CORE_STORAGE_UNAVAILABLE',
    })
    await expect(putText(store, 'key', 'ours', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'CORE_STORAGE_CONFLICT',
    })
    expect(await getText(store, 'key')).toBe('theirs')
  })

  it('a conflict with a write that is under way is a conflict', async () => {
    simulator.plan({ kind: 'conflict' })
    const put = putText(open(), 'key', 'x', { ifNoneMatch: '*' })
    await expect(put).rejects.toMatchObject({ code: 'CORE_STORAGE_CONFLICT', details: { httpStatus: 409 } })
  })
})

describe('s3Store when the service is in trouble', () => {
  it('retries refusals a bounded number of times', async () => {
    const store = open({ attempts: 3 })
    simulator.plan({ kind: 'slow-down', times: 2 })
    await putText(store, 'key', 'x')
    simulator.plan({ kind: 'unavailable', times: 3 })
    const head = store.get('key')
    await expect(head).rejects.toMatchObject({
      code: 'CORE_STORAGE_UNAVAILABLE',
      details: { httpStatus: 503, requestId: expect.any(String) },
    })
    simulator.heal()
    expect(await getText(store, 'key')).toBe('x')
  })

  it('says that a body ended early or is damaged', async () => {
    const store = open()
    const content = patternOf(200_000)
    await store.put('key', content)
    simulator.plan({ kind: 'truncated-body' })
    await expect(store.get('key').then((object) => object.bytes())).rejects.toMatchObject({
      code: 'CORE_STORAGE_TRUNCATED',
      retryable: true,
      details: { expected: 200_000 },
    })
    simulator.plan({ kind: 'corrupted-body' })
    await expect(store.get('key').then((object) => object.bytes())).rejects.toMatchObject({
      code: 'CORE_STORAGE_CHECKSUM',
    })
    expect(await sameBytes(store, 'key', content)).toBe(true)
  })

  it('tells who may not, what is not there and what cannot be reached', async () => {
    const wrong = open({ credentials: { ...credentials, secretAccessKey: 'wrong' } })
    await expect(putText(wrong, 'key', 'x')).rejects.toMatchObject({
      code: 'CORE_STORAGE_DENIED',
      details: { reason: 'SignatureDoesNotMatch', requestId: expect.any(String), bucket: 'bucket' },
    })
    const unknown = open({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } })
    await expect(unknown.get('key')).rejects.toMatchObject({ details: { reason: 'InvalidAccessKeyId' } })
    const missing = open({ bucket: 'missing' })
    await expect(putText(missing, 'key', 'x')).rejects.toMatchObject({ code: 'CORE_STORAGE_BUCKET_NOT_FOUND' })
    await expect(keysOf(missing)).rejects.toMatchObject({ code: 'CORE_STORAGE_BUCKET_NOT_FOUND' })
    await simulator.close()
    const closed = open({ attempts: 1 })
    await expect(closed.get('key')).rejects.toMatchObject({
      code: 'CORE_STORAGE_UNAVAILABLE',
      details: { operation: 'get' },
    })
    await expect(closed.head('key')).rejects.toMatchObject({ code: 'CORE_STORAGE_UNAVAILABLE' })
  })

  it('asks a function for credentials, and again when they have expired, whatever the request', async () => {
    let asked = 0
    const temporary = ['first', 'second', 'third', 'fourth'].map((accessKeyId) => ({
      ...{ accessKeyId, secretAccessKey: `secret of ${accessKeyId}`, sessionToken: `token of ${accessKeyId}` },
    }))
    await simulator.close()
    simulator = simulateS3({ buckets: ['bucket'], credentials: temporary })
    endpoint = (await simulator.start()).endpoint
    const store = open({ credentials: async () => temporary[asked++]! })
    await putText(store, 'key', 'one')
    simulator.expire('first')
    const large = patternOf(2 * partSize + 1)
    await store.put('large', large)
    expect(await sameBytes(store, 'large', large)).toBe(true)
    simulator.expire('second')
    expect(await store.head('key')).toMatchObject({ size: 3 })
    simulator.expire('third')
    expect(await keysOf(store)).toEqual(['key', 'large'])
    expect(asked).toBe(4)
    expect(simulator.openUploads('bucket')).toBe(0)
  })

  it('says that credentials have expired, and what to do', async () => {
    const store = open()
    simulator.expire('simulator')
    const expected = { code: 'CORE_STORAGE_CREDENTIALS_EXPIRED', retryable: false, details: { reason: 'ExpiredToken' } }
    await expect(putText(store, 'key', 'x')).rejects.toMatchObject(expected)
    await expect(store.get('key')).rejects.toMatchObject(expected)
    await expect(keysOf(store)).rejects.toMatchObject(expected)
    let asked = 0
    const renewing = open({ credentials: () => (asked++, credentials) })
    await expect(store.get('key')).rejects.toMatchObject(expected)
    await expect(renewing.get('key')).rejects.toMatchObject(expected)
    expect(asked).toBe(2)
  })

  it('times out on a silent server', async () => {
    const silent = (await import('node:net')).createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const store = open({ endpoint: `http://127.0.0.1:${port}`, attempts: 1, idleTimeout: 200 })
    const outcome = await store.get('key').catch((error: unknown) => error)
    await store.close()
    silent.close()
    expect(outcome).toMatchObject({ code: 'CORE_STORAGE_TIMEOUT', retryable: true })
  })

  it('gives up a running request when the signal is aborted', async () => {
    const store = open()
    await store.put('key', patternOf(3 * mebibyte))
    const controller = new AbortController()
    const reason = new Error('given up')
    const object = await store.get('key', { signal: controller.signal })
    const read = (async () => {
      for await (const chunk of object.body) if (chunk.length > 0) controller.abort(reason)
    })()
    await expect(read).rejects.toBe(reason)
  })
})

describe('s3Store', () => {
  it('lists page after page', async () => {
    await using paged = simulateS3({ buckets: ['bucket'], limits: { page: 100 } })
    const store = open({ endpoint: (await paged.start()).endpoint })
    const keys = Array.from({ length: 105 }, (_, index) => `k ${String(index).padStart(4, '0')}`)
    await Promise.all(keys.map((key) => store.put(key, new Uint8Array())))
    expect(await keysOf(store)).toEqual(keys)
    expect(paged.requests.filter(({ operation }) => operation === 'ListObjectsV2')).toHaveLength(2)
    await store.close()
  })

  it('takes the client of the host and does not close it', async () => {
    const client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
    const store = open({ client })
    await putText(store, 'key', 'x')
    await store.close()
    expect(await getText(open({ client }), 'key')).toBe('x')
    client.destroy()
  })

  it('keeps stores with different prefixes apart', async () => {
    await putText(open({ prefix: 'a' }), 'key', 'a')
    await putText(open({ prefix: 'b/' }), 'key', 'b')
    expect(await keysOf(open())).toEqual(['a/key', 'b/key'])
    expect(await getText(open({ prefix: 'a/' }), 'key')).toBe('a')
  })

  it('refuses options that cannot work', () => {
    for (const options of [{ bucket: '' }, { partSize: mebibyte }, { concurrency: 0 }, { prefix: 'a//b' }])
      expect(() => open(options)).toThrow(expect.objectContaining({ code: 'CORE_STORAGE_OPTION_INVALID' }))
  })

  it('closes the connection of a body that is discarded', async () => {
    const store = open()
    await store.put('key', patternOf(mebibyte))
    for (let round = 0; round < 60; round++) await (await store.get('key')).discard()
    expect(await sameBytes(store, 'key', patternOf(mebibyte))).toBe(true)
  })
})

// A real service, where there is one: `EXPRSN_S3_VERSIONED_BUCKET` names a bucket that keeps versions.
const {
  EXPRSN_S3_ENDPOINT: realEndpoint,
  EXPRSN_S3_BUCKET: realBucket = '',
  EXPRSN_S3_VERSIONED_BUCKET: realVersionedBucket,
} = process.env

function openReal(bucket: string, name: string): S3Store {
  const { EXPRSN_S3_REGION: region = 'us-east-1', EXPRSN_S3_ACCESS_KEY_ID, EXPRSN_S3_SECRET_ACCESS_KEY } = process.env
  return open({
    ...{ bucket, endpoint: realEndpoint, region },
    credentials: { accessKeyId: EXPRSN_S3_ACCESS_KEY_ID ?? '', secretAccessKey: EXPRSN_S3_SECRET_ACCESS_KEY ?? '' },
    prefix: `exprsn-conformance-${process.pid}-${Date.now()}/${name.replaceAll('/', ' ')}`,
  })
}

if (realEndpoint !== undefined)
  describe('s3Store against the endpoint of the environment', () => {
    it.each(storageConformance)('$name', async ({ name, run }) => {
      const store = openReal(realBucket, name)
      await run(store)
      for await (const { key } of store.list()) await store.delete(key)
    })
  })

if (realEndpoint !== undefined && realVersionedBucket !== undefined)
  describe('s3Store against the bucket with versions of the environment', () => {
    it.each(storageVersionsConformance)('$name', ({ name, run }) => run(openReal(realVersionedBucket, name)))
  })

async function versionsOf(store: ObjectStore, options?: ListOptions): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = []
  for await (const version of store.versions!.list(options)) found.push(version)
  return found
}

function operations(): (string | undefined)[] {
  return simulator.requests.map(({ operation }) => operation)
}

async function sameBytes(store: ObjectStore, key: string, expected: Uint8Array): Promise<boolean> {
  return Buffer.compare(await (await store.get(key)).bytes(), expected) === 0
}
