import { createId } from '@exprsn/core'
import { createClient } from '@exprsn/core/client'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import {
  atprotoNetworkUnavailable,
  startAtprotoNetwork,
  type AtprotoNetwork,
} from '@exprsn/real-servers/atproto-network'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTidGenerator, type DataObject } from '@exprsn/atproto/codec'
import { createPublisher, passwordAccount } from '@exprsn/atproto/publish'
import { splitPost, toFacets } from '@exprsn/atproto/richtext'
import { randomTexts } from './random-texts.ts'
import { notes, type Items } from './stage.ts'

/** Records of one `applyWrites`. */
const batch = 100
const unavailable = await atprotoNetworkUnavailable()
const long = Array.from({ length: 150 }, (_, index) => `word${index} https://example.com/${index}`).join(' ')

describe.skipIf(unavailable !== undefined)(`on the official PDS (${unavailable ?? 'installed'})`, () => {
  let network: AtprotoNetwork
  beforeAll(async () => {
    network = await startAtprotoNetwork()
  }, 300_000)
  afterAll(() => network?.close())

  it('texts of any kind are taken, alone and in threads, and their facets are in bounds', async () => {
    // More with EXPRSN_TEXTS.
    const texts = randomTexts(Number(process.env.EXPRSN_TEXTS ?? 200))
    const name = `t${createId().replaceAll('-', '').slice(-16)}`
    await using client = createClient({
      allow: { loopbackAddresses: true },
      timeout: '10m',
      timeouts: { headers: '10m' },
    })
    const created = await client.request(`${network.url}/xrpc/com.atproto.server.createAccount`, {
      json: { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' },
    })
    const { did } = created.json() as { did: string }
    const account = passwordAccount({ did, service: network.url, password: 'password', client })
    const records = texts
      .flatMap((text) => splitPost(text))
      .map((part) => {
        const facets = toFacets(part, { dids: new Map([['alice.test', did]]) })
        const bytes = Buffer.from(part.text)
        let end = 0
        for (const { index } of facets) {
          expect(index.byteStart >= end && index.byteStart < index.byteEnd && index.byteEnd <= bytes.length).toBe(true)
          // No character is cut in two.
          for (const at of [index.byteStart, index.byteEnd]) expect(((bytes[at] ?? 0) & 0xc0) === 0x80).toBe(false)
          end = index.byteEnd
        }
        return { $type: 'app.bsky.feed.post', text: part.text, createdAt: '2026-01-01T00:00:00.000Z', facets }
      })
    expect(records.length).toBeGreaterThanOrEqual(texts.length)
    const nextKey = createTidGenerator()
    for (let start = 0; start < records.length; start += batch) {
      const writes = records.slice(start, start + batch).map((value) => ({
        $type: 'com.atproto.repo.applyWrites#create',
        collection: 'app.bsky.feed.post',
        rkey: nextKey(),
        value: value as unknown as DataObject,
      }))
      const answer = await account.call('com.atproto.repo.applyWrites', { input: { repo: did, writes } })
      expect(answer.body.message ?? answer.status).toBe(200)
    }
  }, 600_000)

  it('threads are posted, edited, conflicted, waited for and taken back; the server takes every facet', async () => {
    const name = `p${createId().replaceAll('-', '').slice(-16)}`
    await using client = createClient({ allow: { loopbackAddresses: true } })
    const created = await client.request(`${network.url}/xrpc/com.atproto.server.createAccount`, {
      json: { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' },
    })
    const { did } = created.json() as { did: string }
    const account = passwordAccount({ did, service: network.url, password: 'password', client })
    await using database = sqliteDatabase({ path: ':memory:' })
    const publisher = createPublisher<Items>({ database, account, mappings: { notes: notes() } })
    await migrate(database, publisher.migrations)
    const list = async () => {
      const params = { repo: did, collection: 'app.bsky.feed.post', reverse: 'true', limit: '100' }
      const { body } = await account.call('com.atproto.repo.listRecords', { params })
      return (body.records as { uri: string; cid: string; value: { text: string } }[]).map(({ uri, cid, value }) => ({
        uri,
        cid: String(cid),
        text: value.text,
      }))
    }

    await publisher.put('notes', { id: 'a', body: `@${name}.test ${long}` })
    await publisher.drain({ deadline: '30s' })
    const posted = await list()
    expect(posted.map(({ text }) => text).join(' ')).toBe(`@${name}.test ${long}`)
    expect((await publisher.get('notes', 'a'))?.records).toEqual(posted.map(({ uri, cid }) => ({ uri, cid })))

    await publisher.put('notes', { id: 'a', body: `@${name}.test ${long} end` })
    await publisher.drain({ deadline: '30s' })
    const edited = await list()
    expect(edited.filter(({ cid }, index) => cid !== posted[index]?.cid).length).toBe(1)

    const { uri } = edited[0]!
    const theirs = { $type: 'app.bsky.feed.post', text: 'theirs', createdAt: new Date().toISOString() }
    const input = { repo: did, collection: 'app.bsky.feed.post', rkey: uri.split('/').at(-1)!, record: theirs }
    expect((await account.call('com.atproto.repo.putRecord', { input })).status).toBe(200)
    await publisher.put('notes', { id: 'a', body: 'ours' })
    await publisher.drain({ deadline: '30s' })
    expect((await list()).map(({ text }) => text)).toEqual(['ours'])

    await network.takedown(did)
    await publisher.put('notes', { id: 'b', body: 'later' })
    await publisher.drain({ deadline: '30s' })
    expect(await publisher.get('notes', 'b')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('AccountTakedown'),
    })
    await network.takedown(did, false)

    await publisher.remove('notes', 'a')
    await publisher.drain({ deadline: '30s' })
    expect(await list()).toEqual([])
  }, 60_000)
})
