import { createClient, type Client } from '@exprsn/core/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVideoUploader } from '@exprsn/atproto/media'
import { passwordAccount, type PublishAccount } from '@exprsn/atproto/publish'
import { createFakePds, createFakeVideoService, type FakePds, type FakeVideoService } from '@exprsn/atproto/testing'
import { notes, Stage } from '../publish/stage.ts'

const video = Buffer.concat([Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isommp42', 'latin1'), Buffer.alloc(2_000, 7)])
const broken = Buffer.from('\0\0\0\u0010ftypisom', 'latin1')

describe('videos', () => {
  let pds: FakePds
  let service: FakeVideoService
  let client: Client
  let account: PublishAccount
  beforeEach(async () => {
    pds = createFakePds()
    await pds.start()
    service = createFakeVideoService({ host: pds.host, dailyLimit: 2 })
    await service.start()
    client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
    const { did } = pds.host.createAccount({ handle: 'alice.test' })
    account = passwordAccount({ did, service: pds.url, password: 'password', client })
  })
  afterEach(async () => {
    await client.close()
    await service.close()
    await pds.close()
  })

  const uploader = (options = {}) => createVideoUploader({ client, service: service.url, pollEvery: 1, ...options })

  it('are sent with a token for this alone, waited for, and known again', async () => {
    const blob = await uploader().upload(video, { account })
    expect(blob).toMatchObject({ $type: 'blob', mimeType: 'video/mp4', size: video.length })
    expect(await uploader().upload(video, { account })).toEqual(blob)
    expect(service.jobs).toBe(1)
  })

  it('are waited for no longer than is allowed, and found again later', async () => {
    await service.close()
    service = createFakeVideoService({ host: pds.host, polls: 30 })
    await service.start()
    const impatient = uploader({ deadline: 1 })
    await expect(impatient.upload(video, { account })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_VIDEO_UNFINISHED',
      retryable: true,
    })
    expect((await uploader().upload(video, { account })).size).toBe(video.length)
    expect(service.jobs).toBe(1)
  })

  it('are refused for what they are: another type, unreadable, too many', async () => {
    await expect(uploader().upload(Buffer.from('GIF89a'), { account })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_TYPE_REFUSED',
    })
    await expect(uploader().upload(broken, { account })).rejects.toThrow('could not be read')
    await uploader().upload(video, { account })
    await expect(uploader().upload(Buffer.concat([video, video]), { account })).rejects.toThrow('daily upload limit')
  })

  it('a service that is away, or hands out no token, is another matter', async () => {
    const away = { did: account.did, call: async () => ({ status: 502, body: {} }) }
    await expect(uploader().upload(video, { account: away })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_VIDEO_UNFINISHED',
    })
    const strict = { did: account.did, call: async () => ({ status: 400, body: { error: 'InvalidRequest' } }) }
    await expect(uploader().upload(video, { account: strict })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_VIDEO_REFUSED',
    })
  })

  it('the service refuses what the real one refuses', async () => {
    const post = (headers: Record<string, string>, query = `did=${account.did}&name=a.mp4`) =>
      fetch(`${service.url}/xrpc/app.bsky.video.uploadVideo?${query}`, { method: 'POST', headers, body: video })
    const token = async (params: Record<string, string>): Promise<string> => {
      const { body } = await account.call('com.atproto.server.getServiceAuth', { params })
      return `Bearer ${body.token as string}`
    }
    const lxm = 'com.atproto.repo.uploadBlob'
    const aud = 'did:web:localhost'
    const type = { 'content-type': 'video/mp4' }
    expect((await post(type)).status).toBe(401)
    expect((await post({ ...type, authorization: await token({ aud: 'did:web:other', lxm }) })).status).toBe(401)
    expect(
      (await post({ ...type, authorization: await token({ aud, lxm: 'com.atproto.repo.putRecord' }) })).status,
    ).toBe(401)
    expect((await post({ ...type, authorization: `${await token({ aud, lxm })}x` })).status).toBe(401)
    expect((await post({ 'content-type': 'text/plain', authorization: await token({ aud, lxm }) })).status).toBe(400)
    expect(
      (await post({ ...type, authorization: await token({ aud, lxm }) }, `did=${account.did}&name=a`)).status,
    ).toBe(400)
    expect((await fetch(`${service.url}/xrpc/app.bsky.video.getJobStatus?jobId=x`)).status).toBe(400)
    expect((await fetch(`${service.url}/other`)).status).toBe(404)
    expect(
      (await account.call('com.atproto.server.getServiceAuth', { params: { aud, lxm, exp: '1' } })).body.error,
    ).toBe('BadExpiration')
  })
})

describe('videos of posts', () => {
  it('stand below the first post; what the service refuses is parked', async () => {
    await using stage = await Stage.open()
    await using service = createFakeVideoService({ host: stage.pds.host })
    await service.start()
    const mapping = notes({
      toRecord: ({ id, body }, { text }) => text.plain(body).video(id, { alt: 'a talk' }),
      media: async (ref) => (ref === 'good' ? video : broken),
    })
    const videos = createVideoUploader({ client: stage.client, service: service.url, pollEvery: 1 })
    const publisher = stage.publisher(mapping, { videos })
    await publisher.put('notes', { id: 'good', body: 'see' })
    await publisher.put('notes', { id: 'bad', body: 'no' })
    await publisher.drain()
    expect(stage.posts().map(({ value }) => value.embed)).toMatchObject([
      { $type: 'app.bsky.embed.video', alt: 'a talk', video: { mimeType: 'video/mp4' } },
    ])
    expect(await publisher.get('notes', 'bad')).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining('could not be read'),
    })
    const without = stage.publisher(mapping)
    await without.retry('notes', 'bad')
    await without.drain()
    expect(await without.get('notes', 'bad')).toMatchObject({ reason: expect.stringContaining('has no videos') })
  })
})
