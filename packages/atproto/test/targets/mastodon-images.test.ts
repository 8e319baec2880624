import { createClient, type Client } from '@exprsn/core/client'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { sharpImages } from '@exprsn/atproto/drivers/sharp'
import {
  atprotoTarget,
  createCrossPoster,
  createPublisher,
  crossPostMapping,
  mastodonTarget,
  passwordAccount,
  type CrossPost,
  type CrossPosts,
  type MastodonTargetOptions,
  type PublishTarget,
} from '@exprsn/atproto/publish'
import { createFakeMastodon, createFakePds, type FakeMastodon } from '@exprsn/atproto/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@exprsn/core/testing'
import { noise, picture } from '../media/sample-images.ts'

const statuses = 'POST /api/v1/statuses'
const uploads = 'POST /api/v2/media'

function post(text: string, images: number, more: Partial<CrossPost> = {}): CrossPost {
  return {
    id: 'a',
    content: { text, spans: [] },
    createdAt: new Date('2026-01-02T03:04:05Z'),
    images: Array.from({ length: images }, (_, index) => ({ ref: `p${index}`, alt: `picture ${index}` })),
    ...more,
  }
}

describe('images on Mastodon', () => {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
  let mastodon: FakeMastodon
  let database: Database
  let client: Client

  beforeEach(async () => {
    mastodon = createFakeMastodon({ clock })
    await mastodon.start()
    database = sqliteDatabase({ path: ':memory:' })
    client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
  })
  afterEach(async () => {
    await mastodon.close()
    await client.close()
    await database.close()
  })

  async function open(options: Partial<MastodonTargetOptions> = {}): Promise<PublishTarget> {
    const media = (ref: string) => picture(8 + Number(ref.slice(1)), 8)
    const target = mastodonTarget({
      database,
      client,
      instance: mastodon.url,
      token: 'token',
      clock,
      media,
      ...options,
    })
    await migrate(database, target.migrations)
    return target
  }

  const shown = () =>
    mastodon.statuses.map(({ media }) => media.map((id) => mastodon.attachments.find((one) => one.id === id)?.alt))

  it('are shown with their texts, four to a post, the rest with the next ones of the thread', async () => {
    const target = await open()
    expect(await target.put(post('hello', 6))).toEqual({ status: 'done' })
    expect(shown()).toEqual([
      ['picture 0', 'picture 1', 'picture 2', 'picture 3'],
      ['picture 4', 'picture 5'],
    ])
    expect(mastodon.statuses.map(({ text }) => text)).toEqual(['hello', ''])
    expect(mastodon.statuses[1]?.parent).toBe(mastodon.statuses[0]?.id)
    expect(mastodon.attachments.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => 'image/png'))
    expect(target.capabilities.images).toBe(4)
  })

  it('stay when only the text is edited, are changed, and go', async () => {
    const target = await open()
    await target.put(post('one', 2))
    await target.put(post('two', 2))
    expect([mastodon.attachments.length, shown()]).toEqual([2, [['picture 0', 'picture 1']]])
    await target.put(post('two', 1))
    expect(shown()).toEqual([['picture 0']])
    // What the second edit showed stays with the third.
    const uploaded = mastodon.attachments.length
    await target.put(post('three', 1))
    expect([mastodon.attachments.length, shown()]).toEqual([uploaded, [['picture 0']]])
    await target.put(post('three', 0))
    expect(mastodon.statuses).toMatchObject([{ text: 'three', media: [] }])
    expect(await target.put(post('three', 0))).toEqual({ status: 'done' })
    expect(mastodon.statuses[0]?.edits).toBe(4)
  })

  it('S12: are in one post, whatever answer is lost, also hours ago', async () => {
    const target = await open()
    for (const method of [uploads, statuses]) {
      mastodon.plan({ method, kind: 'lost-response' })
      await expect(target.put(post('hello', 2))).rejects.toThrow()
    }
    await clock.advanceBy(7_200_000)
    expect(await target.put(post('hello', 2))).toEqual({ status: 'done' })
    expect(shown()).toEqual([['picture 0', 'picture 1']])
    expect(await target.put(post('edited', 2))).toEqual({ status: 'done' })
    expect(shown()).toEqual([['picture 0', 'picture 1']])
  })

  it('S12: of two posts without text, the lost one is told by its images', async () => {
    const target = await open()
    await target.put(post('', 1, { id: 'other' }))
    mastodon.plan({ method: statuses, kind: 'lost-response' })
    await expect(target.put(post('', 2))).rejects.toThrow()
    await clock.advanceBy(7_200_000)
    expect(await target.put(post('', 2))).toEqual({ status: 'done' })
    expect(shown()).toEqual([['picture 0'], ['picture 0', 'picture 1']])
  })

  it('are waited for while they are worked on, and not for ever', async () => {
    await mastodon.close()
    mastodon = createFakeMastodon({ clock, polls: 3 })
    await mastodon.start()
    const target = await open()
    const over = target.put(post('hello', 1))
    let isOver = false
    void over.finally(() => (isOver = true))
    for (let turn = 0; !isOver; turn++) {
      await clock.advanceBy(1_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await over).toEqual({ status: 'done' })
    expect(shown()).toEqual([['picture 0']])
  })

  it.each([
    ['nothing reads them', { media: undefined }, 'nothing to read them with'],
    ['they are none', { media: async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }, 'SVG|svg|type'],
    ['they are too large, and nothing makes them smaller', { maxImageBytes: 10 }, 'bytes'],
  ])('are refused when %s', async (_, options, reason) => {
    const target = await open(options)
    const outcome = await target.put(post('hello', 1))
    expect(outcome).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) })
    expect(mastodon.statuses).toEqual([])
  })

  it('are made to fit', async () => {
    const target = await open({
      media: () => noise(200, 200).png().toBuffer(),
      images: sharpImages(),
      maxImageBytes: 20_000,
    })
    expect(await target.put(post('hello', 1))).toEqual({ status: 'done' })
    expect(mastodon.attachments[0]?.bytes.length).toBeLessThanOrEqual(20_000)
  })

  it('go to an account of the AT Protocol with the same post', async () => {
    await using pds = createFakePds()
    await pds.start()
    const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
    const account = passwordAccount({ did, service: pds.url, password: 'password', client })
    const mapping = crossPostMapping({ media: (ref) => picture(8 + Number(ref.slice(1)), 8) })
    await using publisher = createPublisher<CrossPosts>({ database, account, mappings: { posts: mapping } })
    publisher.start()
    const targets = [atprotoTarget({ publisher }), await open({ clock: undefined })]
    await using poster = createCrossPoster({ database, targets })
    await migrate(database, poster.migrations)
    await poster.put(post('hello', 2))
    await poster.drain({ deadline: '20s' })
    await expect.poll(() => repo.records.size, { timeout: 120_000 }).toBe(1)
    const [record] = repo.records.values()
    const { images } = record!.value.embed as unknown as { readonly images: readonly { readonly alt: string }[] }
    expect(images.map(({ alt }) => alt)).toEqual(['picture 0', 'picture 1'])
    expect(shown()).toEqual([['picture 0', 'picture 1']])
  }, 150_000)
})
