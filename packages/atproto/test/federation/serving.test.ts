import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AtpAgent } from '@atproto/api'
import { verifyRepoCar } from '@atproto/repo'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createRouter, toNodeHandler } from '@exprsn/core/http'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cidOf, type DataObject } from '@exprsn/atproto/codec'
import { createSigningKey } from '@exprsn/atproto/crypto'
import {
  createFeedGenerator,
  createServedRepos,
  createServiceAuth,
  formatFeedCursor,
  parseFeedCursor,
} from '@exprsn/atproto/federation'
import { createFeedHandler, createRepoHandler, feedRouter, repoRouter } from '@exprsn/atproto/http'
import { verifyRecordProof, verifyRepo } from '@exprsn/atproto/repo'

const did = 'did:web:news.example'
const publisher = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
const key = createSigningKey('k256')
const clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })
const posts = Array.from({ length: 25 }, (_, index) => ({
  time: new Date(clock.now() - index * 1_000),
  id: `p${index}`,
  uri: `at://${publisher}/app.bsky.feed.post/p${index}`,
}))
const uriOf = (name: string) => `at://${publisher}/app.bsky.feed.generator/${name}`

const generator = createFeedGenerator({
  did,
  publisher,
  links: { privacyPolicy: 'https://news.example/privacy' },
  feeds: {
    news({ cursor, limit }) {
      const position = parseFeedCursor(cursor)
      const rest = posts.filter(
        ({ time, id }) =>
          position === undefined ||
          time < position.time ||
          (time.getTime() === position.time.getTime() && id > position.id),
      )
      const page = rest.slice(0, limit)
      const last = page.at(-1)
      return {
        feed: page.map(({ uri }) => ({ post: uri })),
        ...(last === undefined ? {} : { cursor: formatFeedCursor(last) }),
      }
    },
    mine: ({ viewer }) => ({
      feed: [
        { post: posts[0]!.uri, reason: { repost: uriOf('x') }, feedContext: viewer ?? 'nobody' },
        { post: posts[1]!.uri, reason: 'pin' },
      ],
      cursor: 'end',
    }),
    wrong: () => ({ feed: [{ post: 'https://example.com' }] }),
    long: ({ limit }) => ({ feed: Array.from({ length: limit + 1 }, () => ({ post: posts[0]!.uri })) }),
    broken() {
      throw new Error('the feed is broken')
    },
  },
})

describe('a feed generator', () => {
  const handler = createFeedHandler({ generator })
  const get = async (feed: string, more = '') => {
    const url = `https://news.example/xrpc/app.bsky.feed.getFeedSkeleton?feed=${encodeURIComponent(feed)}${more}`
    const response = await handler(new Request(url))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('gives all posts, page by page, to the official client', async () => {
    const server = createServer(toNodeHandler(createRouter().mount('', feedRouter({ generator })).fetch))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const agent = new AtpAgent({ service: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
      const described = await agent.app.bsky.feed.describeFeedGenerator()
      expect(described.data).toMatchObject({ did, links: { privacyPolicy: 'https://news.example/privacy' } })
      expect(described.data.feeds.map(({ uri }) => uri)).toContain(uriOf('news'))
      const seen: string[] = []
      for (let cursor: string | undefined, page = 0; page < 10; page++) {
        const { data } = await agent.app.bsky.feed.getFeedSkeleton({
          feed: uriOf('news'),
          limit: 10,
          ...(cursor === undefined ? {} : { cursor }),
        })
        seen.push(...data.feed.map(({ post }) => post))
        cursor = data.cursor
        if (cursor === undefined) break
      }
      expect(seen).toEqual(posts.map(({ uri }) => uri))
      const { data } = await agent.app.bsky.feed.getFeedSkeleton({ feed: uriOf('mine') })
      expect(data.feed[0]?.reason).toMatchObject({ $type: 'app.bsky.feed.defs#skeletonReasonRepost' })
      expect(data.feed[1]?.reason).toMatchObject({ $type: 'app.bsky.feed.defs#skeletonReasonPin' })
      await expect(agent.app.bsky.feed.getFeedSkeleton({ feed: uriOf('none') })).rejects.toMatchObject({
        error: 'UnknownFeed',
      })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it.each([
    [uriOf('none'), '', 400, 'UnknownFeed'],
    [`at://did:plc:other/app.bsky.feed.generator/news`, '', 400, 'UnknownFeed'],
    ['toString', '', 400, 'UnknownFeed'],
    [uriOf('news'), '&limit=0', 400, 'InvalidRequest'],
    [uriOf('news'), '&limit=101', 400, 'InvalidRequest'],
    [uriOf('news'), '&limit=x', 400, 'InvalidRequest'],
    [uriOf('wrong'), '', 500, 'InternalServerError'],
    [uriOf('long'), '', 500, 'InternalServerError'],
    [uriOf('broken'), '', 500, 'InternalServerError'],
  ])('%s%s is %i %s', async (feed, more, status, error) => {
    expect(await get(feed, more)).toMatchObject({ status, body: { error } })
  })

  it('begins anew with a cursor that is none', async () => {
    const { body } = await get(uriOf('news'), '&limit=1&cursor=nonsense')
    expect(body.feed).toEqual([{ post: posts[0]!.uri }])
  })

  it('knows its viewer where tokens are checked', async () => {
    const auth = createServiceAuth({ audience: did, resolveSigningKey: async () => key.didKey, clock })
    const checked = createFeedHandler({ generator, auth })
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: publisher, aud: did, lxm: 'app.bsky.feed.getFeedSkeleton', exp: clock.now() / 1000 + 60 }
    const text = `${part({ typ: 'JWT', alg: 'ES256K' })}.${part(claims)}`
    const token = `${text}.${Buffer.from(key.sign(Buffer.from(text))).toString('base64url')}`
    const url = `https://news.example/xrpc/app.bsky.feed.getFeedSkeleton?feed=${encodeURIComponent(uriOf('mine'))}`
    const ask = async (authorization: string) => {
      const response = await checked(new Request(url, { headers: { authorization } }))
      return { status: response.status, body: await response.json() }
    }
    expect(await ask(`Bearer ${token}`)).toMatchObject({
      status: 200,
      body: { feed: [{ feedContext: publisher }, {}] },
    })
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401, body: { error: 'JwtReplayed' } })
    expect(await ask('Bearer nonsense')).toMatchObject({ status: 401, body: { error: 'BadJwt' } })
  })

  it('is not made for what is no DID', () => {
    expect(() => createFeedGenerator({ did: 'feeds', publisher, feeds: {} })).toThrow('no DID')
  })
})

describe('served repositories', () => {
  const database = sqliteDatabase({ path: ':memory:' })
  const other = 'did:web:other.example'
  const picture = new Uint8Array([137, 80, 78, 71])
  const pictureCid = String(cidOf('raw', picture))
  const records: Record<string, DataObject> = {}
  const settings = {
    database,
    clock,
    list: () => [other, did],
    read: (name: string) =>
      name === did || name === other ? { key, records: name === did ? { ...records } : {} } : undefined,
    blob: (_: string, cid: string) => (cid === pictureCid ? { mimeType: 'image/png', bytes: picture } : undefined),
  }
  const repos = createServedRepos(settings)
  const handler = createRepoHandler({ repos })
  const get = (path: string) => handler(new Request(`https://news.example/xrpc/com.atproto.${path}`))
  const bytes = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer())

  beforeAll(async () => {
    await migrate(database, repos.migrations)
    for (let index = 0; index < 60; index++)
      records[`com.example.note/k${index}`] = { $type: 'com.example.note', text: `note ${index}` }
  })
  afterAll(() => database.close())

  it('are what the official implementation and ours verify', async () => {
    const archive = await bytes(`sync.getRepo?did=${did}`)
    const verified = verifyRepo(archive, { did, signingKey: key.didKey })
    expect([...verified.records()]).toHaveLength(60)
    const { creates } = await verifyRepoCar(archive, did, key.didKey)
    expect(creates).toHaveLength(60)
    const proof = await bytes(`sync.getRecord?did=${did}&collection=com.example.note&rkey=k7`)
    expect(verifyRecordProof(proof, { did, signingKey: key.didKey, path: 'com.example.note/k7' }).value).toMatchObject({
      text: 'note 7',
    })
    const absence = await bytes(`sync.getRecord?did=${did}&collection=com.example.note&rkey=none`)
    expect(
      verifyRecordProof(absence, { did, signingKey: key.didKey, path: 'com.example.note/none' }).value,
    ).toBeUndefined()
  })

  it('have the same commit in all processes, and a new one when records change', async () => {
    const first = await repos.head(did)
    expect(await createServedRepos(settings).head(did)).toEqual(first)
    records['com.example.note/new'] = { $type: 'com.example.note', text: 'new' }
    const [next, same] = await Promise.all([repos.head(did), createServedRepos(settings).head(did)])
    expect(next).toEqual(same)
    expect(next.rev > first.rev).toBe(true)
    expect(await (await get(`sync.getLatestCommit?did=${did}`)).json()).toEqual({ cid: next.cid, rev: next.rev })
    delete records['com.example.note/new']
    expect((await repos.head(did)).rev > next.rev).toBe(true)
  })

  it('are listed page by page', async () => {
    const seen: string[] = []
    for (let cursor = '', page = 0; page < 5; page++) {
      const answer = (await (await get(`sync.listRepos?limit=1&cursor=${cursor}`)).json()) as {
        repos: { did: string }[]
        cursor?: string
      }
      seen.push(...answer.repos.map((repo) => repo.did))
      if (answer.cursor === undefined) break
      cursor = answer.cursor
    }
    expect(seen).toEqual([did, other])
  })

  it('answer the official client', async () => {
    const server = createServer(toNodeHandler(createRouter().mount('', repoRouter({ repos })).fetch))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const agent = new AtpAgent({ service: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
      const { data } = await agent.com.atproto.repo.getRecord({ repo: did, collection: 'com.example.note', rkey: 'k1' })
      expect(data.value).toEqual({ $type: 'com.example.note', text: 'note 1' })
      expect((await agent.com.atproto.sync.getRepoStatus({ did })).data).toMatchObject({ did, active: true })
      expect((await agent.com.atproto.sync.getRepo({ did })).data.length).toBeGreaterThan(1_000)
      expect([...(await agent.com.atproto.sync.getBlob({ did, cid: pictureCid })).data]).toEqual([...picture])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it.each([
    ['sync.getRepo?did=did:web:none.example', 'RepoNotFound'],
    ['sync.getRepo?did=nonsense', 'InvalidRequest'],
    ['sync.getRepo', 'InvalidRequest'],
    [`sync.getRecord?did=${did}&collection=com.example.note&rkey=`, 'InvalidRequest'],
    [`repo.getRecord?repo=${did}&collection=com.example.note&rkey=none`, 'RecordNotFound'],
    [`sync.getBlob?did=${did}&cid=none`, 'RecordNotFound'],
  ])('%s is 400 %s', async (path, error) => {
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error })
  })

  it('give blobs in a form in which nothing runs', async () => {
    const response = await get(`sync.getBlob?did=${did}&cid=${pictureCid}`)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
    expect(response.headers.get('content-type')).toBe('image/png')
  })
})
