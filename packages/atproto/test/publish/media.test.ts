import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharpImages } from '@exprsn/atproto/drivers/sharp'
import type { CardReader } from '@exprsn/atproto/media'
import { fetchAccount, passwordAccount, type Mapping, type PublishAccount } from '@exprsn/atproto/publish'
import { noise, picture, raw, withPlace } from '../media/sample-images.ts'
import { pngOfSize } from '../media/sample-png.ts'
import { notes, Stage, type Note } from './stage.ts'

const upload = 'com.atproto.repo.uploadBlob'
const put = 'com.atproto.repo.putRecord'

describe('images of posts', () => {
  let stage: Stage
  const files = new Map<string, Uint8Array>()
  let calls: string[]
  beforeEach(async () => {
    stage = await Stage.open()
    files.clear()
    calls = []
  })
  afterEach(() => stage[Symbol.asyncDispose]())

  const load = async (ref: string): Promise<Uint8Array> => files.get(ref)!

  /** Notes whose body names the files below them. */
  function withFiles(changes: Partial<Mapping<Note>> = {}): Mapping<Note> {
    return notes({
      toRecord: ({ body }, { text }) => {
        const [words, ...refs] = body.split('|')
        return refs.reduce((draft, ref) => draft.image(ref, { alt: `the ${ref}` }), text.plain(words!))
      },
      media: load,
      ...changes,
    })
  }

  function counting(answer?: (method: string) => Response | undefined): PublishAccount {
    const { did } = stage.account
    const real = passwordAccount({ did, service: stage.pds.url, password: 'password', client: stage.client })
    return {
      did,
      async call(method, request) {
        calls.push(method)
        const given = answer?.(method)
        if (given === undefined) return real.call(method, request)
        return fetchAccount({ did, fetch: async () => given }).call(method, request)
      },
    }
  }

  const uploads = (): number => calls.filter((method) => method === upload).length

  it('are uploaded without their metadata and shown with their text and size', async () => {
    files.set('photo', await withPlace(raw(64, 32)).jpeg().toBuffer())
    const publisher = stage.publisher(withFiles())
    await publisher.put('notes', { id: 'a', body: 'look|photo' })
    await publisher.drain()
    expect(stage.posts()[0]?.value.embed).toMatchObject({
      $type: 'app.bsky.embed.images',
      images: [{ alt: 'the photo', aspectRatio: { width: 32, height: 64 }, image: { mimeType: 'image/jpeg' } }],
    })
    const [blob] = [...stage.account.blobs.values()]
    expect(Buffer.from(blob!.bytes).includes('Camera')).toBe(false)
  })

  it('stand four below a post; a text that is too short for them gets more posts', async () => {
    for (let index = 0; index < 6; index++) files.set(`p${index}`, await picture(10 + index, 10))
    const publisher = stage.publisher(withFiles())
    await publisher.put('notes', { id: 'a', body: 'six|p0|p1|p2|p3|p4|p5' })
    await publisher.drain()
    const counts = stage.posts().map(({ value }) => (value.embed as unknown as { images: unknown[] }).images.length)
    expect(counts).toEqual([4, 2])
    expect(stage.texts()).toEqual(['six', ''])
  })

  it('with the same bytes are uploaded once: under another name, by another item, after an edit', async () => {
    files.set('one', await picture())
    files.set('two', await picture())
    const publisher = stage.publisher(withFiles(), { account: counting() })
    await publisher.put('notes', { id: 'a', body: 'a|one|two' })
    await publisher.put('notes', { id: 'b', body: 'b|two' })
    await publisher.drain()
    await publisher.put('notes', { id: 'a', body: 'edited|one' })
    await publisher.drain()
    expect(stage.posts().length).toBe(2)
    expect(uploads()).toBe(1)
  })

  it('that the host has dropped are uploaded again', async () => {
    files.set('one', await picture())
    const publisher = stage.publisher(withFiles(), { account: counting() })
    await publisher.put('notes', { id: 'a', body: 'a|one' })
    await publisher.drain()
    await publisher.remove('notes', 'a')
    await publisher.drain()
    // With its last reference the file went, too.
    expect(stage.account.blobs.size).toBe(0)
    await publisher.put('notes', { id: 'b', body: 'b|one' })
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 1, parked: 0 })
    expect(uploads()).toBe(2)
  })

  it('are uploaded once although answers get lost and the process is another', async () => {
    files.set('one', await noise(60, 60).png().toBuffer())
    stage.pds.plan({ method: put, kind: 'lost-response' })
    stage.pds.plan({ method: upload, kind: 'lost-response' })
    const first = stage.publisher(withFiles(), { account: counting() })
    await first.put('notes', { id: 'a', body: 'a|one' })
    await first.drain()
    const second = stage.publisher(withFiles(), { account: counting() })
    second.start()
    await expect.poll(() => second.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
    await second.close()
    expect(stage.account.repo.records.size).toBe(1)
    // The one whose answer got lost, and its repetition.
    expect(uploads()).toBe(2)
    expect(stage.account.blobs.size).toBe(1)
  })

  it('are made smaller where the host takes less than the lexicon allows', async () => {
    files.set('big', await noise(300, 300).png().toBuffer())
    let refused = 0
    const account = counting((method) => {
      if (method !== put || refused > 0) return undefined
      refused++
      const message = 'This file is too large. It is 200000 but the maximum size is 60000.'
      return Response.json({ error: 'InvalidRequest', message }, { status: 400 })
    })
    const publisher = stage.publisher(withFiles(), { account, images: sharpImages() })
    await publisher.put('notes', { id: 'a', body: 'a|big' })
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 1 })
    const sizes = [...stage.account.blobs.values()].filter(({ used }) => used).map(({ bytes }) => bytes.length)
    expect(sizes.length).toBe(1)
    expect(sizes[0]).toBeLessThanOrEqual(60_000)
  })

  it.for([
    ['an SVG', async () => Buffer.from('<svg/>'), 'image/svg+xml'],
    ['an image that was cut off', async () => (await picture()).subarray(0, 100), 'damaged'],
    ['30,000 × 30,000 pixels', async () => pngOfSize(30_000, 30_000), '30000 × 30000'],
    ['a CMYK image without a processor', () => raw(9, 9).toColourspace('cmyk').jpeg().toBuffer(), 'CMYK'],
    ['an image that is too large without a processor', () => noise(900, 900).png().toBuffer(), 'allowed'],
    ['no file at all', async () => Buffer.alloc(0), 'unknown type'],
  ] as const)('bad input: %s is parked with its reason, and nothing was posted', async ([, make, reason]) => {
    files.set('bad', await make())
    const publisher = stage.publisher(withFiles(), { account: counting() })
    await publisher.put('notes', { id: 'a', body: 'a|bad' })
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining(reason),
    })
    expect(stage.account.repo.records.size).toBe(0)
    expect(calls.filter((method) => method.startsWith('com.atproto.repo.'))).toEqual([])
    files.set('bad', await picture())
    await publisher.retry('notes', 'a')
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 1 })
  })

  it('need a text for those who do not see them, unless the mapping says otherwise', async () => {
    files.set('one', await picture())
    const toRecord: Mapping<Note>['toRecord'] = ({ body }, { text }) => text.plain(body).image('one', { alt: ' ' })
    await expect(stage.publisher(withFiles({ toRecord })).put('notes', { id: 'a', body: 'a' })).rejects.toThrow(
      'no text for those',
    )
    const publisher = stage.publisher(withFiles({ toRecord, policies: { alt: 'optional' } }))
    await publisher.put('notes', { id: 'a', body: 'a' })
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 1 })
  })

  it('of a mapping that reads none are parked', async () => {
    const publisher = stage.publisher(withFiles({ media: undefined }))
    await publisher.put('notes', { id: 'a', body: 'a|one' })
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining('no media'),
    })
  })

  it('wait when the host does not take them now', async () => {
    files.set('one', await picture())
    const account = counting((method) =>
      method === upload
        ? Response.json({ error: 'RateLimitExceeded' }, { status: 429, headers: { 'retry-after': '60' } })
        : undefined,
    )
    const publisher = stage.publisher(withFiles(), { account })
    await publisher.put('notes', { id: 'a', body: 'a|one' })
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('RateLimit'),
    })
  })

  describe('cards', () => {
    const page = {
      uri: 'https://example.com/a',
      title: 'Title',
      description: 'About',
      image: 'https://example.com/i.png',
    }
    const carded = (): Mapping<Note> => notes({ toRecord: ({ body }, { text }) => text.plain(body).card(page.uri) })

    it('are read once, with a picture that fits', async () => {
      let reads = 0
      const cards: CardReader = {
        read: async () => (reads++, page),
        image: async () =>
          sharp(await picture(200, 100))
            .png()
            .toBuffer(),
      }
      const publisher = stage.publisher(carded(), { cards })
      await publisher.put('notes', { id: 'a', body: 'one' })
      await publisher.put('notes', { id: 'b', body: 'two' })
      await publisher.drain()
      expect(reads).toBeLessThanOrEqual(2)
      await publisher.put('notes', { id: 'a', body: 'edited' })
      await publisher.drain()
      expect(reads).toBeLessThanOrEqual(2)
      for (const { value } of stage.posts())
        expect(value.embed).toMatchObject({
          $type: 'app.bsky.embed.external',
          external: { uri: page.uri, title: 'Title', description: 'About', thumb: { mimeType: 'image/png' } },
        })
    })

    it('of pages or pictures that cannot be read show what is known', async () => {
      const { mediaErrors } = await import('@exprsn/atproto/media')
      const gone = async (): Promise<never> => {
        throw mediaErrors.ATPROTO_MEDIA_CARD_UNREADABLE({ url: page.uri, reason: 'gone' })
      }
      const unseen = stage.publisher(carded(), { cards: { read: async () => page, image: gone } })
      await unseen.put('notes', { id: 'a', body: 'one' })
      await unseen.drain()
      expect(stage.posts()[0]?.value.embed).toEqual({
        $type: 'app.bsky.embed.external',
        external: { uri: page.uri, title: 'Title', description: 'About' },
      })
      await stage.database.query('delete from exprsn_publish_media')
      const unread = stage.publisher(carded(), { cards: { read: gone, image: gone } })
      await unread.put('notes', { id: 'b', body: 'two' })
      await unread.drain()
      expect(stage.posts()[1]?.value.embed).toMatchObject({ external: { uri: page.uri, title: '' } })
    })
  })
})
