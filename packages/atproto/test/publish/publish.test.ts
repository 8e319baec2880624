import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '@exprsn/core/database'
import { fetchAccount, passwordAccount, type PasswordSession } from '@exprsn/atproto/publish'
import { notes, Stage } from './stage.ts'

const long = Array.from({ length: 120 }, (_, index) => `word${index}`).join(' ')
const put = 'com.atproto.repo.putRecord'

describe('createPublisher', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await Stage.open()
  })
  afterEach(() => stage[Symbol.asyncDispose]())

  it('publishes what was committed, and nothing that was rolled back', async () => {
    const publisher = stage.publisher()
    await stage.database.transaction((tx) => publisher.put('notes', { id: 'a', body: 'kept' }, { tx }))
    const rolledBack = stage.database.transaction(async (tx) => {
      await publisher.put('notes', { id: 'b', body: 'lost' }, { tx })
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')
    await publisher.drain()
    expect(stage.texts()).toEqual(['kept'])
    expect(await publisher.get('notes', 'b')).toBeUndefined()
    expect(await publisher.counts()).toEqual({ pending: 0, published: 1, deleted: 0, parked: 0 })
  })

  it('posts a long text as a thread, in order, each part an answer to the one before', async () => {
    const numbered = notes({ numbering: (part, parts) => ` ${part}/${parts}` })
    const publisher = stage.publisher(numbered)
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    const item = await publisher.get('notes', 'a')
    const posts = stage.posts()
    expect(posts.length).toBeGreaterThan(2)
    for (const [index, { value, cid }] of posts.entries()) {
      expect((value.text as string).endsWith(` ${index + 1}/${posts.length}`)).toBe(true)
      expect(String(cid)).toBe(item?.records[index]?.cid)
      const reference = (at: number) => ({ uri: item?.records[at]?.uri, cid: item?.records[at]?.cid })
      expect(value.reply).toEqual(index === 0 ? undefined : { root: reference(0), parent: reference(index - 1) })
    }
  })

  it('changes a thread in place: the part that differs, and those that are too many', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    const before = stage.posts()
    await publisher.put('notes', { id: 'a', body: long.replace('word119', 'end') })
    await publisher.drain()
    const changed = stage.posts().filter(({ cid }, index) => String(cid) !== String(before[index]?.cid))
    expect(changed.length).toBe(1)
    await publisher.put('notes', { id: 'a', body: 'short' })
    await publisher.drain()
    expect(stage.texts()).toEqual(['short'])
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    expect(stage.texts().join(' ')).toBe(long)
  })

  it('keeps the time and the key of a post that is edited', async () => {
    const publisher = stage.publisher(notes({ createdAt: () => new Date('2020-01-02T03:04:05Z') }))
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    const [path] = [...stage.account.repo.records.keys()]
    await publisher.put('notes', { id: 'a', body: 'two' })
    await publisher.drain()
    expect([...stage.account.repo.records.keys()]).toEqual([path])
    expect(stage.posts()[0]?.value.createdAt).toBe('2020-01-02T03:04:05.000Z')
  })

  it('posts anew where the policy says so, and leaves what was published where it says that', async () => {
    const anew = stage.publisher(notes({ policies: { edit: 'repost' } }))
    await anew.put('notes', { id: 'a', body: 'one' })
    await anew.drain()
    const [path] = [...stage.account.repo.records.keys()]
    await anew.put('notes', { id: 'a', body: 'two' })
    await anew.drain()
    expect(stage.texts()).toEqual(['two'])
    expect(stage.account.repo.records.has(path!)).toBe(false)
    const ignoring = stage.publisher(notes({ policies: { edit: 'ignore' } }))
    expect(await ignoring.put('notes', { id: 'a', body: 'three' })).toBe('unchanged')
  })

  it('takes posts back, the last of a thread first, and publishes anew what comes again', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: long })
    await publisher.drain()
    expect(await publisher.remove('notes', 'a')).toBe('queued')
    expect(await publisher.remove('notes', 'a')).toBe('unchanged')
    expect(await publisher.remove('notes', 'nobody')).toBe('unchanged')
    await publisher.drain()
    expect(stage.texts()).toEqual([])
    await publisher.put('notes', { id: 'a', body: 'again' })
    await publisher.drain()
    expect(stage.texts()).toEqual(['again'])
  })

  it('leaves a version alone that is known, and takes back what is hidden', async () => {
    const mapping = notes({ version: ({ version }) => version ?? 0, visibility: ({ body }) => body !== 'secret' })
    const publisher = stage.publisher(mapping)
    expect(await publisher.put('notes', { id: 'a', body: 'one', version: 1 })).toBe('queued')
    expect(await publisher.put('notes', { id: 'a', body: 'two', version: 1 })).toBe('unchanged')
    expect(await publisher.put('notes', { id: 'b', body: 'secret' })).toBe('hidden')
    await publisher.drain()
    expect(stage.texts()).toEqual(['one'])
    expect(await publisher.put('notes', { id: 'a', body: 'secret', version: 2 })).toBe('queued')
    await publisher.drain()
    expect(stage.texts()).toEqual([])
  })

  it('writes cards, languages, labels, tags, quotes and answers', async () => {
    const reference = {
      uri: 'at://did:plc:x/app.bsky.feed.post/3jzfcijpj2z2a',
      cid: 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    }
    const publisher = stage.publisher(
      notes({
        toRecord: ({ body }, { text }) =>
          text
            .plain(body)
            .card('https://example.com/a', { title: 'Title' })
            .langs('de')
            .labels('graphic-media')
            .tags('news')
            .quote(reference)
            .replyTo({ root: reference, parent: reference }),
      }),
    )
    await publisher.put('notes', { id: 'a', body: 'see @alice.test and @nobody.test #tag' })
    await publisher.drain()
    const external = { uri: 'https://example.com/a', title: 'Title', description: '' }
    expect(stage.posts()[0]?.value).toMatchObject({
      langs: ['de'],
      tags: ['news'],
      labels: { values: [{ val: 'graphic-media' }] },
      reply: { root: reference, parent: reference },
      embed: {
        $type: 'app.bsky.embed.recordWithMedia',
        record: { $type: 'app.bsky.embed.record', record: reference },
        media: { $type: 'app.bsky.embed.external', external },
      },
      facets: [
        { index: { byteStart: 4, byteEnd: 15 }, features: [{ did: stage.account.did }] },
        { index: { byteStart: 33, byteEnd: 37 }, features: [{ tag: 'tag' }] },
      ],
    })
  })

  it('mentions whom there is; a handle that is invalid stays a word', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: 'by @alice.test, not by @nobody.test' })
    await publisher.drain()
    expect(stage.texts()).toEqual(['by @alice.test, not by @nobody.test'])
    expect(stage.posts()[0]!.value.facets).toEqual([
      {
        index: { byteStart: 3, byteEnd: 14 },
        features: [{ $type: 'app.bsky.richtext.facet#mention', did: stage.account.did }],
      },
    ])
  })

  it('posts Markdown and HTML as text with links', async () => {
    const publisher = stage.publisher(
      notes({ toRecord: ({ id, body }, { text }) => (id === 'm' ? text.markdown(body) : text.html(body)) }),
    )
    await publisher.put('notes', { id: 'h', body: '<p>See <a href="https://example.com/h">this</a><script>x</script>' })
    await publisher.put('notes', { id: 'm', body: '**See** [that](https://example.com/m) ![x](y.png)' })
    await publisher.drain()
    const posts = stage
      .posts()
      .toSorted((one, other) => ((one.value.text as string) < (other.value.text as string) ? -1 : 1))
    expect(posts.map(({ value }) => value)).toMatchObject([
      { text: 'See that', facets: [{ features: [{ uri: 'https://example.com/m' }] }] },
      { text: 'See this', facets: [{ features: [{ uri: 'https://example.com/h' }] }] },
    ])
  })

  it('publishes records of any collection', async () => {
    const mapping = notes({ collection: 'com.example.note', toRecord: ({ body }) => ({ body }) })
    const publisher = stage.publisher(mapping)
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    expect(stage.posts()[0]?.value).toEqual({ $type: 'com.example.note', body: 'one' })
  })

  it('refuses items before anything is stored, and says why', async () => {
    const publisher = stage.publisher(
      notes({ toRecord: ({ body }, { text }) => text.plain(body).langs('not a language!') }),
    )
    await expect(publisher.put('notes', { id: 'a', body: 'x' })).rejects.toMatchObject({
      code: 'ATPROTO_PUBLISH_ITEM_INVALID',
      message: expect.stringContaining('/langs'),
    })
    await expect(publisher.put('notes', { id: '', body: 'x' })).rejects.toThrow('its id is not')
    await expect(publisher.remove('other' as never, 'a')).rejects.toThrow('no mapping other')
    expect(await publisher.list()).toEqual([])
  })

  it.for([
    ['lost-response', 1],
    ['drop', 3],
    ['error', 2],
  ] as const)('S12: one record although the host had %s', { timeout: 180_000 }, async ([kind, times]) => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: long })
    stage.pds.plan({ method: put, kind, times })
    publisher.start()
    await expect.poll(() => publisher.counts(), { timeout: 120_000 }).toMatchObject({ published: 1 })
    await publisher.close()
    expect(stage.texts().join(' ')).toBe(long)
  })

  it(
    'S12: the same item from four processes, 50 times, through a network that loses a third',
    { timeout: 180_000 },
    async () => {
      const processes = Array.from({ length: 4 }, () => stage.publisher())
      for (let turn = 0; turn < 40; turn++) {
        stage.pds.plan({ method: put, kind: 'delay', milliseconds: 1 })
        if (turn % 3 === 0) stage.pds.plan({ method: put, kind: 'lost-response' })
      }
      for (const publisher of processes) publisher.start()
      for (let turn = 0; turn < 50; turn++) await processes[turn % 4]!.put('notes', { id: 'a', body: long })
      await processes[0]!.put('notes', { id: 'a', body: `${long} end` })
      await expect.poll(() => processes[0]!.counts(), { timeout: 120_000 }).toMatchObject({ published: 1, pending: 0 })
      await Promise.all(processes.map((publisher) => publisher.close()))
      expect(stage.texts().join(' ')).toBe(`${long} end`)
    },
  )

  it('S12: waits for an account that is deactivated, and for a limit, without losing the item', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: 'one' })
    stage.pds.host.setStatus(stage.account.did, 'deactivated')
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('AccountDeactivated'),
    })
  })

  it('parks what the host refuses, and tries it again when asked', async () => {
    const refusing = fetchAccount({
      did: stage.account.did,
      fetch: async () => Response.json({ error: 'InvalidRequest', message: 'no such thing' }, { status: 400 }),
    })
    const publisher = stage.publisher(notes(), { account: refusing })
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    expect(await publisher.list({ state: 'parked' })).toMatchObject([
      { id: 'a', reason: 'InvalidRequest: no such thing' },
    ])
    const working = stage.publisher()
    expect(await working.retry('notes', 'a')).toBe('queued')
    expect(await working.retry('notes', 'a')).toBe('unchanged')
    await working.drain()
    expect(stage.texts()).toEqual(['one'])
  })

  it.for([
    ['local-wins', 'published', 'two'],
    ['remote-wins', 'published', 'theirs'],
    ['manual', 'parked', 'theirs'],
  ] as const)('conflicts: %s', async ([conflict, state, text]) => {
    const publisher = stage.publisher(notes({ policies: { conflict } }))
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    const [path, { value }] = [...stage.account.repo.records][0]!
    stage.pds.host.write(stage.account.did, [{ action: 'update', path, value: { ...value, text: 'theirs' } }])
    await publisher.put('notes', { id: 'a', body: 'two' })
    await publisher.drain()
    expect(stage.texts()).toEqual([text])
    expect((await publisher.get('notes', 'a'))?.state).toBe(state)
  })

  it('does not send before its time, and parks what has waited for too long', async () => {
    const late = stage.publisher(notes(), { maxAge: '1h' })
    await late.put('notes', { id: 'a', body: 'one' }, { publishAt: new Date(Date.now() + 60_000) })
    await late.drain()
    expect(stage.texts()).toEqual([])
    await late.put('notes', { id: 'b', body: 'two' })
    await stage.database.query("update exprsn_publish_item set queued_at = 0 where source_id = 'b'")
    await late.drain()
    expect(await late.get('notes', 'b')).toMatchObject({ state: 'parked', reason: 'it has waited for too long' })
  })

  it('stops before the limit of the host, and keeps a reserve for deletions', async () => {
    let calls = 0
    const account = fetchAccount({
      did: stage.account.did,
      async fetch(_, init) {
        calls++
        const { record } = JSON.parse(init.body as string) as { record?: { n: number } }
        return Response.json(record === undefined ? {} : { cid: await cidOfRecord(record) })
      },
    })
    const mapping = notes({ collection: 'com.example.note', toRecord: ({ id }) => ({ n: Number(id) }) })
    const publisher = stage.publisher(mapping, { account, budget: [{ limit: 120, seconds: 3_600, reserve: 20 }] })
    for (let id = 0; id < 60; id++) await publisher.put('notes', { id: String(id), body: '' })
    await publisher.drain()
    expect(calls).toBe(50)
    expect(await publisher.counts()).toMatchObject({ published: 50, pending: 10 })
    await publisher.remove('notes', '1')
    await publisher.drain()
    expect(await publisher.counts()).toMatchObject({ published: 49, deleted: 1 })
  })
})

describe('passwordAccount', () => {
  it('logs in once, shares a refresh between calls, and keeps the session over restarts', async () => {
    await using stage = await Stage.open()
    const saved: PasswordSession[] = []
    const sessions = {
      load: async () => saved.at(-1),
      save: async (_: string, session: PasswordSession) => void saved.push(session),
    }
    const options = { did: stage.account.did, service: stage.pds.url, client: stage.client, sessions }
    const account = passwordAccount({ ...options, password: 'password' })
    const call = () => account.call('com.atproto.server.getSession', {})
    expect((await Promise.all([call(), call(), call()])).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(saved.length).toBe(1)
    stage.pds.sessions.expireAll()
    expect((await Promise.all([call(), call(), call()])).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(saved.length).toBe(2)
    const again = passwordAccount({ ...options, password: 'forgotten' })
    expect((await again.call('com.atproto.server.getSession', {})).status).toBe(200)
  })

  it('waits when the password is wrong: items are kept, and logins are not used up', async () => {
    await using stage = await Stage.open()
    const { did } = stage.account
    const account = passwordAccount({
      did,
      service: stage.pds.url,
      client: stage.client,
      password: { reveal: () => 'wrong' },
    })
    const publisher = stage.publisher(notes(), { account })
    await migrate(stage.database, publisher.migrations)
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    expect(await publisher.get('notes', 'a')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('refused the login'),
    })
  })
})

async function cidOfRecord(record: object): Promise<string> {
  const { cidOf, encodeCbor } = await import('@exprsn/atproto/codec')
  return String(cidOf('dag-cbor', encodeCbor(record as never)))
}
