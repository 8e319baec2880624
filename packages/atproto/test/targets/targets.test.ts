import { createClient, type Client } from '@exprsn/core/client'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  atprotoTarget,
  createCrossPoster,
  createPublisher,
  crossPostMapping,
  feedTarget,
  mastodonTarget,
  passwordAccount,
  plainText,
  readFeed,
  type CrossPost,
  type CrossPosts,
  type PublishTarget,
} from '@exprsn/atproto/publish'
import { detectSpans } from '@exprsn/atproto/richtext'
import { createFakeMastodon, createFakePds, publishTargetConformance, type FakeMastodon } from '@exprsn/atproto/testing'

const post = (id: string, text: string, more: Partial<CrossPost> = {}): CrossPost => ({
  id,
  content: { text, spans: detectSpans(text) },
  createdAt: new Date('2026-01-02T03:04:05Z'),
  ...more,
})
const create = 'POST /api/v1/statuses'

describe('targets', () => {
  let database: Database
  let client: Client
  beforeEach(() => {
    database = sqliteDatabase({ path: ':memory:' })
    client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
  })
  afterEach(async () => {
    await client.close()
    await database.close()
  })

  describe.for(publishTargetConformance)('$name', ({ run }) => {
    it('on an account of the AT Protocol', async () => {
      await using pds = createFakePds()
      await pds.start()
      const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
      const account = passwordAccount({ did, service: pds.url, password: 'password', client })
      await using publisher = createPublisher<CrossPosts>({
        database,
        account,
        mappings: { posts: crossPostMapping() },
      })
      const target = atprotoTarget({ publisher })
      await migrate(database, target.migrations)
      publisher.start()
      await run({
        target: settled(target),
        texts: async () =>
          [...repo.records]
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([, { value }]) => value.text as string),
        loseAnswer: () => pds.plan({ method: 'com.atproto.repo.putRecord', kind: 'lost-response' }),
      })
    }, 60_000)

    it('on Mastodon', async () => {
      await using mastodon = createFakeMastodon()
      await mastodon.start()
      const target = mastodonTarget({ database, client, instance: mastodon.url, token: 'token' })
      await migrate(database, target.migrations)
      await run({
        target,
        texts: async () => mastodon.statuses.map(({ text }) => text),
        loseAnswer: () => mastodon.plan({ method: create, kind: 'lost-response' }),
      })
    })

    it('in a feed', async () => {
      const target = feedTarget({ database, title: 'News', home: 'https://example.com/' })
      await migrate(database, target.migrations)
      const texts = async () =>
        readFeed(await target.render('atom')).entries.map(({ html }) => html.replaceAll(/<[^>]+>/g, ''))
      await run({ target, texts })
    })
  })

  /** Waits as the outbox does, until its own outbox has sent it. */
  function settled(target: PublishTarget): PublishTarget {
    const until = async (work: () => ReturnType<PublishTarget['put']>) => {
      for (;;) {
        const outcome = await work()
        if (outcome.status !== 'waiting') return outcome
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    return { ...target, put: (item) => until(() => target.put(item)), remove: (id) => until(() => target.remove(id)) }
  }

  describe('Mastodon', () => {
    let mastodon: FakeMastodon
    const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
    beforeEach(async () => {
      mastodon = createFakeMastodon({ clock })
      await mastodon.start()
    })
    afterEach(() => mastodon.close())

    async function open(options = {}): Promise<PublishTarget> {
      const target = mastodonTarget({ database, client, instance: mastodon.url, token: 'token', clock, ...options })
      await migrate(database, target.migrations)
      return target
    }

    it('threads answer one another, bear a warning and a number, and links their address', async () => {
      const target = await open({ numbering: (part: number, parts: number) => ` ${part}/${parts}` })
      const text = `${'word '.repeat(150)}end`
      const content = { text, spans: [{ kind: 'link', start: 0, end: 4, uri: 'https://example.com/a' } as const] }
      await target.put({ ...post('a', ''), content, warning: 'long' })
      const [first, second] = mastodon.statuses
      expect(first).toMatchObject({ warning: 'long', parent: undefined, visibility: 'public' })
      expect(first?.text.startsWith('word (https://example.com/a) word')).toBe(true)
      expect(first?.text.endsWith(' 1/2')).toBe(true)
      expect(second?.parent).toBe(first?.id)
    })

    it('short addresses count for more than they are', async () => {
      const target = await open()
      const text = Array.from({ length: 60 }, (_, index) => `http://a.b/${index}`).join(' ')
      expect(await target.put(post('a', text))).toEqual({ status: 'done' })
      expect(mastodon.statuses.map((status) => status.text).join(' ')).toBe(text)
      expect(mastodon.statuses.length).toBe(3)
    })

    it('S12: an answer that got lost hours ago is looked for, and not posted twice', async () => {
      const target = await open()
      mastodon.plan({ method: create, kind: 'lost-response' })
      await expect(target.put(post('a', 'hello'))).rejects.toThrow()
      await clock.advanceBy(7_200_000)
      expect(await target.put(post('a', 'hello'))).toEqual({ status: 'done' })
      expect(mastodon.statuses.length).toBe(1)
      await clock.advanceBy(7_200_000)
      mastodon.plan({ method: create, kind: 'drop' })
      await expect(target.put(post('b', 'other'))).rejects.toThrow()
      await clock.advanceBy(7_200_000)
      await target.put(post('b', 'other'))
      expect(mastodon.statuses.map(({ text }) => text)).toEqual(['hello', 'other'])
    })

    it('S12: what was taken back while its answer was lost is found and deleted', async () => {
      const target = await open()
      mastodon.plan({ method: create, kind: 'lost-response' })
      await expect(target.put(post('a', 'hello'))).rejects.toThrow()
      expect(await target.remove('a')).toEqual({ status: 'done' })
      expect(mastodon.statuses).toEqual([])
      mastodon.plan({ method: create, kind: 'drop' })
      await expect(target.put(post('b', 'never'))).rejects.toThrow()
      expect(await target.remove('b')).toMatchObject({ status: 'waiting' })
      await clock.advanceBy(600_000)
      expect(await target.remove('b')).toEqual({ status: 'done' })
    })

    it('a post that was deleted there is posted anew when it changes', async () => {
      const target = await open()
      await target.put(post('a', 'one'))
      const [record] = await target.records('a')
      expect(record?.url).toBe(`${mastodon.url}/@alice/1`)
      await fetch(`${mastodon.url}/api/v1/statuses/1`, { method: 'DELETE', headers: { authorization: 'Bearer token' } })
      await target.put(post('a', 'two'))
      expect(mastodon.statuses.map(({ text }) => text)).toEqual(['two'])
    })

    it('waits for limits and wrong tokens, and tells what is refused', async () => {
      const wrong = await open({ token: { reveal: () => 'wrong' } })
      expect(await wrong.put(post('a', 'x'))).toMatchObject({
        status: 'waiting',
        reason: expect.stringContaining('invalid'),
      })
      const target = await open()
      expect(await target.put(post('b', ' '))).toMatchObject({
        status: 'refused',
        reason: expect.stringContaining('blank'),
      })
      for (let id = 0; id < 300; id++) await fetch(`${mastodon.url}/x`)
      const outcome = await target.put(post('c', 'x'))
      expect(outcome).toMatchObject({ status: 'waiting', reason: expect.stringContaining('Too many') })
      if (outcome.status === 'waiting') await clock.advanceBy(outcome.until.getTime() - clock.now())
      expect(await target.put(post('c', 'x'))).toEqual({ status: 'done' })
    })
  })

  describe('createCrossPoster', () => {
    it('one that refuses, or is away, holds up no other; the host’s transaction decides', async () => {
      await using mastodon = createFakeMastodon()
      await mastodon.start()
      const feed = feedTarget({ database, title: 'News', home: 'https://example.com/' })
      const target = mastodonTarget({ database, client, instance: mastodon.url, token: 'token' })
      await using poster = createCrossPoster({ database, targets: [target, feed] })
      await migrate(database, poster.migrations)
      const rolledBack = database.transaction(async (tx) => {
        await poster.put(post('x', 'lost'), { tx })
        throw new Error('rolled back')
      })
      await expect(rolledBack).rejects.toThrow('rolled back')
      await poster.put(post('empty', ''))
      await poster.put(post('good', 'see example.com'))
      await poster.drain()
      const stateOf = async (id: string) =>
        Object.fromEntries([...(await poster.get(id))].map(([name, { state }]) => [name, state]))
      expect(await stateOf('empty')).toEqual({ mastodon: 'parked', feed: 'published' })
      expect(await stateOf('good')).toEqual({ mastodon: 'published', feed: 'published' })
      expect(await stateOf('x')).toEqual({})
      await poster.put(post('empty', 'not any more'))
      await poster.retry('mastodon', 'empty')
      await poster.remove('good')
      await poster.drain()
      expect(await stateOf('good')).toEqual({ mastodon: 'deleted', feed: 'deleted' })
      expect(mastodon.statuses.map(({ text }) => text)).toEqual(['not any more'])
      await expect(poster.retry('other', 'a')).rejects.toMatchObject({ code: 'ATPROTO_TARGET_UNKNOWN' })
      expect(() =>
        createCrossPoster({ database, targets: [feed, feedTarget({ database, title: '', home: 'https://e.com/' })] }),
      ).toThrow('no target feed')
    })

    it('S12: an item put 50 times by four processes through answers that get lost is one post', async () => {
      await using mastodon = createFakeMastodon({ limit: 10_000 })
      await mastodon.start()
      const processes = Array.from({ length: 4 }, () =>
        createCrossPoster({
          database,
          targets: [mastodonTarget({ database, client, instance: mastodon.url, token: 'token' })],
        }),
      )
      await migrate(database, processes[0]!.migrations)
      mastodon.plan({ method: create, kind: 'lost-response', times: 2 })
      mastodon.plan({ method: 'PUT /api/v1/statuses/:id', kind: 'lost-response', times: 2 })
      for (const poster of processes) poster.start()
      for (let turn = 0; turn <= 50; turn++)
        await processes[turn % 4]!.put(post('a', turn === 50 ? 'last' : `version ${turn % 7}`))
      await expect
        .poll(async () => (await processes[0]!.get('a')).get('mastodon')?.state, { timeout: 120_000 })
        .toBe('published')
      await Promise.all(processes.map((poster) => poster.close()))
      expect(mastodon.statuses.map(({ text }) => text)).toEqual(['last'])
    })

    it('waits as long as the target says', async () => {
      await using mastodon = createFakeMastodon({ limit: 0 })
      await mastodon.start()
      const target = mastodonTarget({ database, client, instance: mastodon.url, token: 'token' })
      await using poster = createCrossPoster({ database, targets: [target] })
      await migrate(database, poster.migrations)
      await poster.put(post('a', 'x'))
      await poster.drain()
      expect((await poster.get('a')).get('mastodon')).toMatchObject({
        state: 'pending',
        reason: expect.stringContaining('Too many'),
      })
    })
  })

  it('text without links of their own shows every address', () => {
    const text = 'see example.com and here'
    const spans = [
      { kind: 'link', start: 4, end: 15, uri: 'https://example.com' },
      { kind: 'link', start: 20, end: 24, uri: 'https://example.com/b' },
    ] as const
    expect(plainText({ text, spans })).toBe('see example.com and here (https://example.com/b)')
  })
})
