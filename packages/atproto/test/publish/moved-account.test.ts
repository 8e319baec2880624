import type { Client } from '@exprsn/core/client'
import { migrate } from '@exprsn/core/database'
import type { IdentityResolver } from '@exprsn/atproto/identity'
import {
  createPublisher,
  followAccount,
  passwordAccount,
  type AccountMove,
  type PasswordSession,
  type PublishAccount,
  type Publisher,
} from '@exprsn/atproto/publish'
import { splitPost } from '@exprsn/atproto/richtext'
import type { FakePds } from '@exprsn/atproto/testing'
import type { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notes, type Items } from './stage.ts'
import { TwoHosts } from './two-hosts.ts'

const long = Array.from({ length: 120 }, (_, index) => `word${index}`).join(' ')
const session = 'com.atproto.server.getSession'

describe('an account that moves to another host', () => {
  let hosts: TwoHosts
  let old: FakePds
  let next: FakePds
  let did: string
  let client: Client
  let identities: IdentityResolver
  let clock: SimulatedClock
  let password: string
  let moves: AccountMove[]

  beforeEach(async () => {
    hosts = await TwoHosts.open()
    ;({ old, next, did, client, identities, clock } = hosts)
    password = 'password'
    moves = []
    await migrate(hosts.database, publisher().migrations)
  })

  afterEach(() => hosts.close())

  function account(): PublishAccount {
    const open = (service: string): PublishAccount =>
      passwordAccount({ did, service, password: { reveal: () => password }, client })
    return followAccount({ did, identities, open, onMove: (move) => moves.push(move) })
  }

  function publisher(): Publisher<Items> {
    return createPublisher<Items>({ database: hosts.database, account: account(), mappings: { notes: notes() }, clock })
  }

  const texts = (pds: FakePds): unknown[] =>
    [...pds.host.account(did)!.repo.records]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { value }]) => value.text)

  it('is followed: what was posted there is edited and taken back here', async () => {
    const posts = publisher()
    await posts.put('notes', { id: 'a', body: long })
    await posts.put('notes', { id: 'b', body: 'second' })
    await posts.drain()
    const before = texts(old)
    next.host.takeOver(did, old.host)
    await posts.put('notes', { id: 'a', body: `${long} end` })
    await posts.remove('notes', 'b')
    await posts.put('notes', { id: 'c', body: 'third' })
    await posts.drain()
    expect(texts(old)).toEqual(before)
    const thread = splitPost(`${long} end`).map(({ text }) => text)
    expect(texts(next).length).toBe(thread.length + 1)
    expect(new Set(texts(next))).toEqual(new Set([...thread, 'third']))
    expect(await posts.counts()).toEqual({ pending: 0, parked: 0, published: 2, deleted: 1 })
    expect(moves).toEqual([{ did, from: old.url, to: next.url }])
    await posts.close()
  })

  it('is asked for a login that the new host takes: until then items wait and say so', async () => {
    const posts = publisher()
    next.host.takeOver(did, old.host, { password: 'another' })
    // A document that was kept from before.
    old.host.plc.update(did, { pds: old.url })
    await posts.put('notes', { id: 'a', body: 'first' })
    await posts.drain()
    expect(await posts.get('notes', 'a')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('deactivated'),
    })
    old.host.plc.update(did, { pds: next.url })
    await clock.advanceBy(3_660_000)
    await posts.drain()
    const moved = `The account ${did} has moved to ${next.url}, where it could not be logged in: Invalid identifier or password.`
    expect(await posts.get('notes', 'a')).toMatchObject({ state: 'pending', reason: moved })
    await expect(account().call(session, {})).rejects.toMatchObject({ code: 'ATPROTO_PUBLISH_LOGIN_FAILED' })
    password = 'another'
    await clock.advanceBy(3_660_000)
    await posts.drain()
    expect(await posts.get('notes', 'a')).toMatchObject({ state: 'published', reason: undefined })
    expect(texts(next)).toEqual(['first'])
    await posts.close()
  })

  it.each([
    ['its login is refused there', async () => old.host.deleteAccount(did)],
    ['the old host is gone', async () => old.stop()],
    [
      'the old host is out of order',
      async () => old.plan({ method: 'com.atproto.repo.putRecord', kind: 'error', times: 99 }),
    ],
  ])('is followed when %s', async (_, leave) => {
    const posts = publisher()
    await posts.put('notes', { id: 'a', body: 'first' })
    await posts.drain()
    next.host.takeOver(did, old.host)
    await leave()
    await posts.put('notes', { id: 'b', body: 'second' })
    while ((await posts.counts()).published < 2) {
      await posts.drain()
      await clock.advanceBy(660_000)
    }
    expect(texts(next).length).toBe(2)
    expect(new Set(texts(next))).toEqual(new Set(['first', 'second']))
    expect(moves.length).toBe(1)
    await posts.close()
  })

  it('waits with a session that is bound to its host, as those by OAuth are, until it has logged in at the new one', async () => {
    let login = passwordAccount({ did, service: old.url, password, client })
    const bound: PublishAccount = { did, call: (method, request) => login.call(method, request) }
    const followed = followAccount({ did, identities, open: () => bound, onMove: (move) => moves.push(move) })
    const posts = createPublisher<Items>({
      database: hosts.database,
      account: followed,
      mappings: { notes: notes() },
      clock,
    })
    await posts.put('notes', { id: 'a', body: 'first' })
    await posts.drain()
    next.host.takeOver(did, old.host)
    await posts.put('notes', { id: 'b', body: 'second' })
    await posts.drain()
    expect(await posts.get('notes', 'b')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('deactivated'),
    })
    expect(moves).toEqual([{ did, from: old.url, to: next.url }])
    login = passwordAccount({ did, service: next.url, password, client })
    await clock.advanceBy(3_660_000)
    await posts.drain()
    expect(await posts.get('notes', 'b')).toMatchObject({ state: 'published', reason: undefined })
    expect(new Set(texts(next))).toEqual(new Set(['first', 'second']))
    expect(texts(old)).toEqual(['first'])
    expect(moves.length).toBe(1)
    await posts.close()
  })

  it('is looked for once, however many calls find it gone', async () => {
    const shared = account()
    await shared.call(session, {})
    next.host.takeOver(did, old.host)
    const input = { repo: did, collection: 'app.bsky.feed.post', rkey: 'self' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shared.call('com.atproto.repo.deleteRecord', { input })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(moves.length).toBe(1)
  })

  it('stays where it is when its identity says so, or cannot be asked', async () => {
    const shared = account()
    await shared.call(session, {})
    const input = { repo: did, collection: 'app.bsky.feed.post', rkey: 'self' }
    old.host.setStatus(did, 'takendown')
    const remove = () => shared.call('com.atproto.repo.deleteRecord', { input })
    expect((await remove()).body.error).toBe('AccountTakedown')
    await next.stop()
    expect((await remove()).body.error).toBe('AccountTakedown')
    old.host.setStatus(did, 'active')
    expect((await remove()).status).toBe(200)
    expect(moves).toEqual([])
  })

  it('is not where its identity names no host', async () => {
    const nowhere = followAccount({
      did,
      identities: { resolveDid: async (of) => ({ ...(await identities.resolveDid(of)), pds: undefined }) },
      open: () => expect.fail('there is nothing to open'),
    })
    await expect(nowhere.call(session, {})).rejects.toMatchObject({ code: 'ATPROTO_PUBLISH_LOGIN_FAILED' })
  })

  it('does not show the session of the old host to the new one', async () => {
    const stored = new Map<string, PasswordSession>()
    const sessions = {
      load: async () => stored.get(did),
      save: async (_: string, made: PasswordSession) => void stored.set(did, made),
    }
    await passwordAccount({ did, service: old.url, password, client, sessions }).call(session, {})
    const { accessJwt, refreshJwt, service } = stored.get(did)!
    expect(service).toBe(old.url)
    next.host.takeOver(did, old.host)
    const shown: string[] = []
    const watched = {
      ...client,
      fetch: (url: string | URL, init?: RequestInit) => {
        shown.push(JSON.stringify(init?.headers ?? {}))
        return client.fetch(url, init)
      },
    } as Client
    const here = passwordAccount({ did, service: next.url, password, client: watched, sessions })
    expect((await here.call(session, {})).status).toBe(200)
    expect(shown.length).toBe(2)
    expect(shown.filter((headers) => headers.includes(accessJwt) || headers.includes(refreshJwt))).toEqual([])
    expect(stored.get(did)?.service).toBe(next.url)
  })
})
