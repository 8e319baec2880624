import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  passwordAccount,
  type DraftText,
  type Mapping,
  type PostDraft,
  type PublishAccount,
} from '@exprsn/atproto/publish'
import { notes, Stage, type Note } from './stage.ts'

const long = Array.from({ length: 150 }, (_, index) => `word${index}`).join(' ')
const byText = (one: string, other: string): number => (one < other ? -1 : 1)
const apply = 'com.atproto.repo.applyWrites'

describe('threads in one step', () => {
  let stage: Stage
  let calls: string[]
  beforeEach(async () => {
    stage = await Stage.open()
    calls = []
  })
  afterEach(() => stage[Symbol.asyncDispose]())

  const atomic = (changes: Partial<Mapping<Note>> = {}): Mapping<Note> =>
    notes({ policies: { thread: 'atomic' }, ...changes })

  function counting(before?: (method: string, send: () => Promise<unknown>) => Promise<void>): PublishAccount {
    const { did } = stage.account
    const real = passwordAccount({ did, service: stage.pds.url, password: 'password', client: stage.client })
    return {
      did,
      async call(method, request) {
        calls.push(method)
        await before?.(method, () => real.call(method, { input: request.input }))
        return real.call(method, request)
      },
    }
  }

  /** Each part answers the one before, by the CID that it has. */
  function expectThread(text: string): void {
    const posts = stage.posts()
    expect(stage.texts().join(' ')).toBe(text)
    const paths = [...stage.account.repo.records.keys()].filter((path) => path.includes('feed.post')).toSorted()
    for (const [index, { value }] of posts.entries())
      if (index > 0)
        expect(value.reply).toMatchObject({
          parent: { uri: `at://${stage.account.did}/${paths[index - 1]}`, cid: String(posts[index - 1]!.cid) },
          root: { cid: String(posts[0]!.cid) },
        })
  }

  it('are there all at once: one commit, one call', async () => {
    const before = stage.pds.host.events.last
    const publisher = stage.publisher(atomic(), { account: counting() })
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    expectThread(long)
    expect(stage.pds.host.events.last).toBe(before + 1)
    expect(calls).toEqual([apply])
    expect((await publisher.get('notes', 'a'))?.records.every(({ cid }) => cid !== undefined)).toBe(true)
  })

  it.for(['lost-response', 'error', 'drop'] as const)(
    'S12: %s: the first part is asked for before anything is sent again',
    { timeout: 180_000 },
    async (kind) => {
      stage.pds.plan({ method: apply, kind, times: 2 })
      const publisher = stage.publisher(atomic(), { account: counting() })
      await publisher.put('notes', { id: 'a', body: long })
      publisher.start()
      await expect.poll(() => publisher.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
      await publisher.close()
      expectThread(long)
      const applied = calls.filter((method) => method === apply).length
      expect(applied).toBe(kind === 'lost-response' ? 1 : 3)
      expect(calls[1]).toBe('com.atproto.repo.getRecord')
    },
  )

  it(
    'S12: the answer got lost, and others deleted the first part since: it comes back, and the rest stands once',
    { timeout: 180_000 },
    async () => {
      let isFirst = true
      const account = counting(async (method, send) => {
        if (method !== apply || !isFirst) return
        isFirst = false
        await send()
        const [path] = [...stage.account.repo.records.keys()].toSorted()
        stage.pds.host.write(stage.account.did, [{ action: 'delete', path: path! }])
        throw new Error('the answer got lost')
      })
      const publisher = stage.publisher(atomic(), { account })
      await publisher.put('notes', { id: 'a', body: long })
      publisher.start()
      await expect.poll(() => publisher.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
      await publisher.close()
      expectThread(long)
      expect(calls.filter((method) => method === apply).length).toBe(2)
    },
  )

  it(
    'S12: the answer got lost, and the first part is edited: the others stay as they are',
    { timeout: 180_000 },
    async () => {
      let isLost = false
      const account = counting(async (method, send) => {
        if (method !== apply || isLost) return
        isLost = true
        await send()
        throw new Error('the answer got lost')
      })
      const publisher = stage.publisher(atomic(), { account })
      await publisher.put('notes', { id: 'a', body: long })
      await publisher.drain()
      const [, ...before] = stage.posts()
      const edited = long.replace('word0', 'WORD0')
      await publisher.put('notes', { id: 'a', body: edited })
      publisher.start()
      await expect.poll(() => publisher.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
      await publisher.close()
      expect(stage.texts().join(' ')).toBe(edited)
      expect(
        stage
          .posts()
          .slice(1)
          .map(({ cid }) => String(cid)),
      ).toEqual(before.map(({ cid }) => String(cid)))
    },
  )

  it('S12: one that arrives late, after an edit, is edited and not posted twice', { timeout: 180_000 }, async () => {
    let late: (() => Promise<unknown>) | undefined
    const account = counting(async (method, send) => {
      if (method !== apply || late !== undefined) return
      late = send
      throw new Error('the answer took too long')
    })
    const publisher = stage.publisher(atomic(), { account })
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    await late!()
    expectThread(long)
    const edited = long.replace('word140', 'changed')
    await publisher.put('notes', { id: 'a', body: edited })
    publisher.start()
    await expect.poll(() => publisher.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
    await publisher.close()
    expect(stage.texts().join(' ')).toBe(edited)
    expect(calls.filter((method) => method === apply).length).toBe(1)
  })

  it('are edited part by part, and shrink and grow as others do', async () => {
    const publisher = stage.publisher(atomic(), { account: counting() })
    for (const body of [long, 'short', long]) {
      await publisher.put('notes', { id: 'a', body })
      await publisher.drain()
      expect(stage.texts().join(' ')).toBe(body)
    }
    expect(calls.filter((method) => method === apply).length).toBe(1)
  })

  it('cost three points a part', async () => {
    const publisher = stage.publisher(atomic(), { budget: [{ limit: 10, seconds: 3_600, reserve: 0 }] })
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('limit'),
    })
    expect(stage.texts()).toEqual([])
  })

  describe('gates', () => {
    const gated = (
      gate: (draft: PostDraft, note: Note) => PostDraft,
      changes: Partial<Mapping<Note>> = {},
    ): Mapping<Note> =>
      notes({ toRecord: (note: Note, { text }: { text: DraftText }) => gate(text.plain(note.body), note), ...changes })
    const records = (collection: string) =>
      [...stage.account.repo.records]
        .filter(([path]) => path.startsWith(`${collection}/`))
        .map(([path, { value }]) => ({ path, value }))

    it.for(['sequential', 'atomic'] as const)('say who may answer and quote, %s', async (thread) => {
      const publisher = stage.publisher(
        gated((draft) => draft.allowReplies({ followers: true, mentioned: true }).allowQuotes(false), {
          policies: { thread },
        }),
      )
      await publisher.put('notes', { id: 'a', body: long })
      await publisher.drain()
      const posts = records('app.bsky.feed.post')
      const [gate] = records('app.bsky.feed.threadgate')
      expect(posts.length).toBeGreaterThan(2)
      expect(gate?.value).toMatchObject({
        post: `at://${stage.account.did}/${posts.map(({ path }) => path).toSorted()[0]}`,
        allow: [{ $type: 'app.bsky.feed.threadgate#mentionRule' }, { $type: 'app.bsky.feed.threadgate#followerRule' }],
      })
      expect(gate?.path.split('/')[1]).toBe((gate!.value.post as string).split('/').at(-1))
      const quotes = records('app.bsky.feed.postgate')
      expect(quotes.map(({ value }) => value.post as string).toSorted(byText)).toEqual(
        posts.map(({ path }) => `at://${stage.account.did}/${path}`).toSorted(byText),
      )
      expect((await publisher.get('notes', 'a'))?.records.length).toBe(posts.length)
      await publisher.remove('notes', 'a')
      await publisher.drain()
      expect(stage.account.repo.records.size).toBe(0)
    })

    it('nobody may answer; an edit without a gate opens it again', async () => {
      const publisher = stage.publisher(
        gated((draft, { version }) => (version === 1 ? draft.allowReplies('nobody') : draft), {
          version: ({ version }) => version ?? 0,
        }),
      )
      await publisher.put('notes', { id: 'a', body: 'one', version: 1 })
      await publisher.drain()
      expect(records('app.bsky.feed.threadgate')[0]?.value.allow).toEqual([])
      await publisher.put('notes', { id: 'a', body: 'one', version: 2 })
      await publisher.drain()
      expect(records('app.bsky.feed.threadgate')[0]?.value).not.toHaveProperty('allow')
    })

    it('go with their posts when a thread shrinks, and come with new ones', async () => {
      const publisher = stage.publisher(gated((draft) => draft.allowQuotes(false)))
      for (const body of [long, 'short', long]) {
        await publisher.put('notes', { id: 'a', body })
        await publisher.drain()
        expect(
          records('app.bsky.feed.postgate')
            .map(({ path }) => path.split('/')[1]!)
            .toSorted(byText),
        ).toEqual(
          records('app.bsky.feed.post')
            .map(({ path }) => path.split('/')[1]!)
            .toSorted(byText),
        )
      }
    })

    it('are posted anew with a post that is', async () => {
      const publisher = stage.publisher(
        gated((draft) => draft.allowReplies('nobody'), { policies: { edit: 'repost' } }),
      )
      await publisher.put('notes', { id: 'a', body: 'one' })
      await publisher.drain()
      await publisher.put('notes', { id: 'a', body: 'two' })
      await publisher.drain()
      expect(stage.texts().filter((text) => text !== undefined)).toEqual(['two'])
      expect(records('app.bsky.feed.threadgate').length).toBe(1)
    })
  })
})
