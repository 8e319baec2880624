import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../clock/system-clock.ts'
import { patternOf } from '../storage-conformance/expect.ts'
import { simulateS3, type S3Simulator } from './simulate-s3.ts'

const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
const Bucket = 'plain'
const day = 86_400_000

let simulator: S3Simulator
let endpoint: string
let client: S3Client
let offset = 0
const clients: S3Client[] = []

function connect(options: S3ClientConfig = {}): S3Client {
  const made = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    systemClockOffset: offset,
    ...options,
  })
  clients.push(made)
  return made
}

beforeEach(async () => {
  offset = 0
  const clock = { ...systemClock, now: () => Date.now() + offset }
  const limits = { part: 10, object: 1_000_000 }
  simulator = simulateS3({
    buckets: [Bucket, { name: 'kept', versioning: true }, { name: 'locked', objectLock: true }],
    clock,
    limits,
  })
  endpoint = (await simulator.start()).endpoint
  client = connect()
})
afterEach(async () => {
  for (const made of clients.splice(0)) made.destroy()
  await simulator.close()
})

const put = (Key: string, Body: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = async (Key: string, more: object = {}) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString()
const named = (name: string) => expect.objectContaining({ name })

describe('simulateS3', () => {
  it('answers an unsigned request with the document of an error', async () => {
    const response = await fetch(`${endpoint}/plain/key`)
    expect(response.status).toBe(403)
    expect(await response.text()).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code>.*<RequestId>.+<\/RequestId><\/Error>$/,
    )
  })

  it('refuses wrong keys, secrets, regions and clocks', async () => {
    const send = (options: S3ClientConfig) => connect(options).send(new ListObjectsV2Command({ Bucket }))
    await expect(send({ credentials: { ...credentials, secretAccessKey: 'x' } })).rejects.toEqual(
      named('SignatureDoesNotMatch'),
    )
    await expect(send({ credentials: { ...credentials, accessKeyId: 'x' } })).rejects.toEqual(
      named('InvalidAccessKeyId'),
    )
    await expect(send({ region: 'eu-west-1' })).rejects.toEqual(named('AuthorizationHeaderMalformed'))
    await expect(send({ systemClockOffset: 16 * 60_000 })).rejects.toEqual(named('RequestTimeTooSkewed'))
  })

  it('refuses what it does not know instead of ignoring it', async () => {
    const response = await fetch(`${endpoint}/plain?acl`, { method: 'PUT' })
    expect(response.status).toBe(501)
    expect((await fetch(`${endpoint}/%zz`)).status).toBe(400)
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'missing' }))).rejects.toEqual(named('NoSuchBucket'))
    await client.send(new HeadBucketCommand({ Bucket }))
  })

  it('verifies the signature of keys of any characters', async () => {
    for (const key of ["+é~!*'()&=?#%25;@:$,//", 'a b', '日本/😀']) {
      await put(key, key)
      expect(await get(key)).toBe(key)
    }
  })

  it('decodes streamed bodies and checks their trailer', async () => {
    const content = patternOf(200_000)
    const chunks = [content.subarray(0, 7), content.subarray(7, 70_000), content.subarray(70_000)]
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from(chunks), ContentLength: content.length }),
    )
    const read = await client.send(new GetObjectCommand({ Bucket, Key: 'stream' }))
    expect(Buffer.from(await read.Body!.transformToByteArray()).equals(content)).toBe(true)
    expect(read.ChecksumCRC32).toEqual(expect.any(String))
    expect(read.ContentEncoding).toBeUndefined()
    for (const ChecksumAlgorithm of ['CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const)
      await put('sum', 'hello', { ChecksumAlgorithm })
    await expect(put('sum', 'hello', { ChecksumSHA256: Buffer.alloc(32).toString('base64') })).rejects.toEqual(
      named('BadDigest'),
    )
  })

  it('takes the bucket from the host where that names one', async () => {
    const ask = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(endpoint + path, { headers: { host: 'plain.localhost:1234' } }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode))
        })
        sent.once('error', reject).end()
      })
    expect(await ask('/a/b')).toBe(403)
    expect(await ask('/?list-type=2')).toBe(403)
    expect(simulator.requests).toMatchObject([
      { operation: 'GetObject', key: 'a/b', code: 'AccessDenied' },
      { operation: 'ListObjectsV2', key: undefined },
    ])
  })

  it('reads ranges and honours conditions of reads', async () => {
    const { ETag } = await put('digits', '0123456789')
    expect(await get('digits', { Range: 'bytes=2-4' })).toBe('234')
    expect(await get('digits', { Range: 'bytes=-3' })).toBe('789')
    expect(await get('digits', { Range: 'bytes=8-' })).toBe('89')
    expect(await get('digits', { Range: 'bytes=4-2' })).toBe('0123456789')
    expect(await get('digits', { Range: 'bytes=0-1,3-4' })).toBe('0123456789')
    await expect(get('digits', { Range: 'bytes=10-' })).rejects.toEqual(named('InvalidRange'))
    await expect(get('digits', { Range: 'bytes=-0' })).rejects.toEqual(named('InvalidRange'))
    expect(await get('digits', { IfMatch: ETag })).toBe('0123456789')
    await expect(get('digits', { IfMatch: '"other"' })).rejects.toEqual(named('PreconditionFailed'))
    const notModified = { $metadata: expect.objectContaining({ httpStatusCode: 304 }) }
    await expect(get('digits', { IfNoneMatch: ETag })).rejects.toMatchObject(notModified)
    await expect(get('digits', { IfModifiedSince: new Date(Date.now() + 5_000) })).rejects.toMatchObject(notModified)
    await expect(get('digits', { IfUnmodifiedSince: new Date(0) })).rejects.toEqual(named('PreconditionFailed'))
  })

  it('honours conditions of writes', async () => {
    await put('key', 'one', { IfNoneMatch: '*' })
    await expect(put('key', 'two', { IfNoneMatch: '*' })).rejects.toEqual(named('PreconditionFailed'))
    await expect(put('key', 'two', { IfNoneMatch: '"tag"' })).rejects.toEqual(named('NotImplemented'))
    await expect(put('key', 'two', { IfMatch: '"tag"' })).rejects.toEqual(named('PreconditionFailed'))
    await expect(put('none', 'two', { IfMatch: '"tag"' })).rejects.toEqual(named('NoSuchKey'))
    simulator.plan({ kind: 'conflict', key: 'other' })
    await expect(put('other', 'x', { IfNoneMatch: '*' })).rejects.toEqual(named('ConditionalRequestConflict'))
  })

  it('enforces its limits', async () => {
    await expect(put('k'.repeat(1_025), 'x')).rejects.toEqual(named('KeyTooLongError'))
    await expect(put('key', 'x'.repeat(1_000_001))).rejects.toEqual(named('EntityTooLarge'))
    await expect(put('key', 'x', { Metadata: { a: 'x'.repeat(2_048) } })).rejects.toEqual(named('MetadataTooLarge'))
  })

  it('lists with prefix, delimiter, pages and encoding', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c d/1', 'c d/2', 'e']) await put(key, key)
    const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more }))
    const first = await list({ Delimiter: '/', MaxKeys: 3, EncodingType: 'url' })
    expect(first.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'c+d/' }])
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['b'])
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3, EncodingType: 'url' })
    const second = await list({ Delimiter: '/', ContinuationToken: first.NextContinuationToken })
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['e'])
    expect((await list({ StartAfter: 'b', Prefix: 'c' })).Contents?.map(({ Key }) => Key)).toEqual(['c d/1', 'c d/2'])
    expect((await list({ MaxKeys: 0 })).IsTruncated).toBe(false)
    await expect(list({ ContinuationToken: 'nonsense' })).rejects.toEqual(named('InvalidArgument'))
  })

  it('copies objects and deletes several', async () => {
    await put('from', 'content', { Metadata: { a: 'b' } })
    await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from` }))
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).Metadata).toEqual({ a: 'b' })
    await expect(client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/to` }))).rejects.toEqual(
      named('InvalidRequest'),
    )
    await expect(
      client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/none` })),
    ).rejects.toEqual(named('NoSuchKey'))
    const Objects = [{ Key: 'from' }, { Key: 'to' }, { Key: 'none <&>' }]
    const result = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect(result.Deleted?.map(({ Key }) => Key)).toEqual(['from', 'to', 'none <&>'])
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  })
})

describe('simulateS3 with parts', () => {
  const Key = 'big'
  const start = async () => (await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId
  const part = async (UploadId: string | undefined, PartNumber: number, Body: string) => ({
    PartNumber,
    ETag: (await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag,
  })
  const complete = (UploadId: string | undefined, Parts: object[], more: object = {}) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }))

  it('makes one object of them, in the order of their numbers', async () => {
    const UploadId = await start()
    const [two, one] = [await part(UploadId, 20, 'second'), await part(UploadId, 3, 'first part!')]
    const listed = await client.send(new ListPartsCommand({ Bucket, Key, UploadId }))
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [3, 11],
      [20, 6],
    ])
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([{ Key, UploadId }])
    await expect(get(Key)).rejects.toEqual(named('NoSuchKey'))
    expect((await complete(UploadId, [one!, two!])).ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
    expect(await get(Key)).toBe('first part!second')
    await expect(complete(UploadId, [one!, two!])).rejects.toEqual(named('NoSuchUpload'))
  })

  it('refuses parts that are small, unordered, unknown or others, and late conditions', async () => {
    const UploadId = await start()
    const [small, last] = [await part(UploadId, 1, 'small'), await part(UploadId, 2, 'last part')]
    await expect(complete(UploadId, [small, last])).rejects.toEqual(named('EntityTooSmall'))
    const large = await part(UploadId, 1, 'large enough')
    await expect(complete(UploadId, [last, large])).rejects.toEqual(named('InvalidPartOrder'))
    await expect(complete(UploadId, [small, last])).rejects.toEqual(named('InvalidPart'))
    await expect(complete(UploadId, [large, { ...last, PartNumber: 3 }])).rejects.toEqual(named('InvalidPart'))
    await expect(complete(UploadId, [large, { ...last, ChecksumCRC32: 'AAAAAA==' }])).rejects.toEqual(
      named('InvalidPart'),
    )
    await expect(complete(UploadId, [])).rejects.toEqual(named('MalformedXML'))
    await expect(part(UploadId, 10_001, 'x')).rejects.toEqual(named('InvalidArgument'))
    await put(Key, 'first')
    await expect(complete(UploadId, [large, last], { IfNoneMatch: '*' })).rejects.toEqual(named('PreconditionFailed'))
    expect(simulator.openUploads(Bucket)).toBe(1)
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    await expect(part(UploadId, 1, 'x')).rejects.toEqual(named('NoSuchUpload'))
    expect(simulator.openUploads(Bucket)).toBe(0)
  })
})

describe('simulateS3 with versions', () => {
  it('keeps versions, hides them behind delete markers and removes them for good by id', async () => {
    const kept = { Bucket: 'kept', Key: 'key' }
    const first = await client.send(new PutObjectCommand({ ...kept, Body: 'one' }))
    await client.send(new PutObjectCommand({ ...kept, Body: 'two' }))
    const marker = await client.send(new DeleteObjectCommand(kept))
    expect(marker.DeleteMarker).toBe(true)
    await expect(client.send(new GetObjectCommand(kept))).rejects.toEqual(named('NoSuchKey'))
    await expect(client.send(new GetObjectCommand({ ...kept, VersionId: marker.VersionId }))).rejects.toEqual(
      named('MethodNotAllowed'),
    )
    const old = await client.send(new GetObjectCommand({ ...kept, VersionId: first.VersionId }))
    expect(await old.Body!.transformToString()).toBe('one')
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket: 'kept' }))
    expect(listed.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false])
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'key', IsLatest: true }])
    await client.send(new PutObjectCommand({ ...kept, Body: 'three', IfNoneMatch: '*' }))
    await client.send(new DeleteObjectCommand({ ...kept, VersionId: first.VersionId }))
    await expect(client.send(new GetObjectCommand({ ...kept, VersionId: first.VersionId }))).rejects.toEqual(
      named('NoSuchVersion'),
    )
  })

  it('lists versions in pages that begin after their markers', async () => {
    for (const [Key, Body] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
      ['c/ä', '4'],
      ['a', '5'],
    ] as const)
      await client.send(new PutObjectCommand({ Bucket: 'kept', Key, Body }))
    await client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'b' }))
    const page = (more: object) => client.send(new ListObjectVersionsCommand({ Bucket: 'kept', MaxKeys: 2, ...more }))
    const first = await page({})
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a', MaxKeys: 2 })
    expect(first.Versions?.map(({ Key, IsLatest }) => `${Key} ${IsLatest}`)).toEqual(['a true', 'a false'])
    const marker = { KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker }
    const second = await page(marker)
    expect(second).toMatchObject({ Versions: [{ Key: 'a' }], DeleteMarkers: [{ Key: 'b', IsLatest: true }] })
    // A page goes on although the version that its marker names is gone.
    await client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'a', VersionId: first.NextVersionIdMarker }))
    expect((await page(marker)).Versions?.[0]?.VersionId).toBe(second.Versions?.[0]?.VersionId)
    expect((await page({ KeyMarker: 'a' })).DeleteMarkers).toMatchObject([{ Key: 'b' }])
    const last = await page({ KeyMarker: 'b', EncodingType: 'url' })
    expect(last).toMatchObject({ IsTruncated: false, EncodingType: 'url', Versions: [{ Key: 'c/%C3%A4' }] })
    expect((await page({ Prefix: 'c/' })).Versions).toHaveLength(1)
  })

  it('refuses versions and markers that the service cannot have given', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'kept', Key: 'key', Body: 'x' }))
    const page = (more: object) => client.send(new ListObjectVersionsCommand({ Bucket: 'kept', ...more }))
    await expect(page({ VersionIdMarker: 'null' })).rejects.toEqual(named('InvalidArgument'))
    await expect(page({ KeyMarker: 'key', VersionIdMarker: '' })).rejects.toEqual(named('InvalidArgument'))
    await expect(page({ Delimiter: '/' })).rejects.toEqual(named('NotImplemented'))
    const version = (VersionId: string) => client.send(new GetObjectCommand({ Bucket: 'kept', Key: 'key', VersionId }))
    await expect(version('')).rejects.toEqual(named('InvalidArgument'))
    await expect(version('no version')).rejects.toEqual(named('InvalidArgument'))
    await expect(version('null')).rejects.toEqual(named('NoSuchVersion'))
  })

  it('can be turned on and suspended', async () => {
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
    const set = (bucket: string, Status: 'Enabled' | 'Suspended') =>
      client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }))
    await set(Bucket, 'Enabled')
    expect((await put('key', 'one')).VersionId).not.toBe('null')
    await set(Bucket, 'Suspended')
    expect((await put('key', 'two')).VersionId).toBe('null')
    expect((await put('key', 'three')).VersionId).toBe('null')
    expect((await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(2)
    await expect(set('locked', 'Suspended')).rejects.toEqual(named('InvalidRequest'))
  })

  it('holds locked versions until the clock says otherwise', async () => {
    const locked = { Bucket: 'locked', Key: 'key' }
    const lock = (ObjectLockMode: 'GOVERNANCE' | 'COMPLIANCE') =>
      client.send(
        new PutObjectCommand({
          ...locked,
          Body: 'x',
          ObjectLockMode,
          ObjectLockRetainUntilDate: new Date(Date.now() + day),
        }),
      )
    const remove = (VersionId: string | undefined, BypassGovernanceRetention?: boolean) =>
      client.send(
        new DeleteObjectCommand({
          ...locked,
          VersionId,
          ...(BypassGovernanceRetention ? { BypassGovernanceRetention } : {}),
        }),
      )
    const [governance, compliance] = [await lock('GOVERNANCE'), await lock('COMPLIANCE')]
    const held = await client.send(new PutObjectCommand({ ...locked, Body: 'x', ObjectLockLegalHoldStatus: 'ON' }))
    await expect(remove(governance!.VersionId)).rejects.toEqual(named('AccessDenied'))
    await remove(governance!.VersionId, true)
    await expect(remove(compliance!.VersionId, true)).rejects.toEqual(named('AccessDenied'))
    expect(
      (await client.send(new HeadObjectCommand({ ...locked, VersionId: compliance!.VersionId }))).ObjectLockMode,
    ).toBe('COMPLIANCE')
    expect((await client.send(new DeleteObjectCommand(locked))).DeleteMarker).toBe(true)
    offset = day + 60_000
    client = connect()
    await remove(compliance!.VersionId)
    await expect(remove(held.VersionId)).rejects.toEqual(named('AccessDenied'))
    const plain = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ObjectLockLegalHoldStatus: 'ON' })
    await expect(client.send(plain)).rejects.toEqual(named('InvalidRequest'))
  })
})

describe('faults of simulateS3', () => {
  it('hit the requests they are planned for, as often as planned, until healed', async () => {
    simulator.plan({ kind: 'slow-down', operation: 'PutObject', key: 'a', times: 2 })
    await put('b', 'x')
    await expect(put('a', 'x')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } })
    await expect(put('a', 'x')).rejects.toEqual(named('SlowDown'))
    await put('a', 'x')
    simulator.plan({ kind: 'internal-error', times: 10 })
    simulator.plan({ kind: 'unavailable' })
    await expect(get('a')).rejects.toEqual(named('InternalError'))
    simulator.heal()
    expect(await get('a')).toBe('x')
    expect(simulator.hits).toMatchObject({ 'slow-down': 2, 'internal-error': 1, unavailable: 0 })
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 503, 503, 200, 500, 200])
  })

  it('cut connections before or after the work', async () => {
    simulator.plan({ kind: 'lost-request' })
    await expect(put('a', 'x')).rejects.toThrow()
    await expect(get('a')).rejects.toEqual(named('NoSuchKey'))
    simulator.plan({ kind: 'lost-response' })
    await expect(put('a', 'x')).rejects.toThrow()
    expect(await get('a')).toBe('x')
    simulator.plan({ kind: 'truncated-body' })
    await expect(get('a').then((text) => (text === 'x' ? 'whole' : Promise.reject(new Error('cut'))))).resolves.toBe(
      'whole',
    )
  })

  it('come by chance where asked for, and repeat by their seed', async () => {
    const { SeededRandom } = await import('../random/seeded-random.ts')
    const statuses = async (seed: number): Promise<number[]> => {
      await using other = simulateS3({
        buckets: [Bucket],
        faults: { 'internal-error': 0.3, unavailable: 0.1 },
        random: new SeededRandom(seed),
      })
      const own = connect({ endpoint: (await other.start()).endpoint })
      for (let round = 0; round < 30; round++)
        await own.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })).catch(() => {})
      return other.requests.map(({ status }) => status)
    }
    const first = await statuses(3)
    expect(await statuses(3)).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 500, 503]))
  })
})
