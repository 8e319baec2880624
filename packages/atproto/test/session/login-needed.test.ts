import { migrate } from '@exprsn/core/database'
import type { SimulatedClock } from '@exprsn/core/testing'
import { createSettingsHandler } from '@exprsn/atproto/http'
import { createPublisher, followAccount, readBudgets, type Publisher } from '@exprsn/atproto/publish'
import { createOAuthSessions, type OAuthSessions } from '@exprsn/atproto/session'
import type { FakePds } from '@exprsn/atproto/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notes, type Items } from '../publish/stage.ts'
import { TwoHosts } from '../publish/two-hosts.ts'
import { FakeOAuth } from './fake-oauth.ts'
import { keyring } from './sessions-on.ts'

const getSession = 'com.atproto.server.getSession'
const needed = { code: 'ATPROTO_OAUTH_LOGIN_NEEDED', status: 401 }

describe('an account that needs a new login', () => {
  let hosts: TwoHosts
  let old: FakePds
  let next: FakePds
  let did: string
  let clock: SimulatedClock
  let oauth: FakeOAuth
  let sessions: OAuthSessions
  let posts: Publisher<Items>

  beforeEach(async () => {
    hosts = await TwoHosts.open()
    ;({ old, next, did, clock } = hosts)
    const { database, identities } = hosts
    oauth = new FakeOAuth(did, old)
    sessions = createOAuthSessions({ database, keyring, library: oauth.library })
    const account = followAccount({ did, identities, open: (service) => sessions.account(did, { service }) })
    posts = createPublisher<Items>({ database, account, mappings: { notes: notes() }, clock })
    await migrate(database, [...sessions.migrations, ...posts.migrations])
    await login(old)
  })

  afterEach(async () => {
    await posts.close()
    await hosts.close()
  })

  async function login(at: FakePds): Promise<void> {
    oauth.host = at
    await sessions.authorize(did)
    expect(await sessions.callback('code=1')).toEqual({ did, state: undefined })
  }

  async function post(id: string): Promise<void> {
    await posts.put('notes', { id, body: id })
    await posts.drain()
  }

  const texts = (pds: FakePds): unknown[] =>
    [...pds.host.account(did)!.repo.records.values()].map(({ value }) => value.text as string).toSorted()

  it('says so when it has moved, and goes on after it: nothing is lost, nothing is sent to the host that it has left', async () => {
    await post('a')
    next.host.takeOver(did, old.host)
    await post('b')
    await posts.remove('notes', 'a')
    await posts.drain()
    const reason = `the account is at ${next.url} now, and its session is of ${old.url}`
    expect(await sessions.get(did)).toMatchObject({ state: 'login-needed', reason })
    expect(await sessions.list()).toMatchObject([{ did, state: 'login-needed', reason }])
    expect(await posts.get('notes', 'b')).toMatchObject({ state: 'pending', reason: expect.stringContaining(reason) })
    expect(await posts.counts()).toEqual({ pending: 2, published: 0, parked: 0, deleted: 0 })
    await login(next)
    expect(await sessions.get(did)).toMatchObject({ state: 'active', reason: undefined })
    expect(await posts.resume()).toBe(2)
    await posts.drain()
    expect(await posts.counts()).toEqual({ pending: 0, published: 1, parked: 0, deleted: 1 })
    expect(texts(next)).toEqual(['b'])
    expect(texts(old)).toEqual(['a'])
  })

  it('says so from the beginning when it moved while no process ran', async () => {
    next.host.takeOver(did, old.host)
    await post('a')
    expect(await sessions.get(did)).toMatchObject({ state: 'login-needed' })
    expect(await posts.get('notes', 'a')).toMatchObject({ state: 'pending' })
    await login(next)
    // Without being told, it is tried again within the hour.
    await clock.advanceBy(3_660_000)
    await posts.drain()
    expect(texts(next)).toEqual(['a'])
  })

  it('S9: says so when its grant was revoked, also in the settings, where people let it go on', async () => {
    const handler = createSettingsHandler({
      auth: false,
      accounts: () => [{ did, mappings: { notes: notes() }, publisher: posts, login: () => sessions.get(did) }],
    })
    const ask = async (path: string, method = 'GET'): Promise<unknown> =>
      (await handler(new Request(`http://localhost${path}`, { method }))).json()
    expect(await ask('/accounts')).toMatchObject({
      accounts: [{ login: { state: 'active', reason: null, since: null } }],
    })
    oauth.revokeGrants()
    await post('a')
    const reason = expect.stringContaining('does not accept')
    expect(await posts.get('notes', 'a')).toMatchObject({ state: 'pending', reason })
    expect(await ask('/accounts')).toMatchObject({
      accounts: [{ items: { pending: 1 }, login: { state: 'login-needed', reason, since: expect.any(String) } }],
    })
    await expect(sessions.account(did).call(getSession, {})).rejects.toMatchObject(needed)
    await expect(sessions.refresh(did)).rejects.toMatchObject(needed)
    await login(old)
    expect(await ask(`/accounts/${encodeURIComponent(did)}/resume`, 'POST')).toEqual({ queued: 1 })
    await posts.drain()
    expect(texts(old)).toEqual(['a'])
    await sessions.revoke(did)
    expect(await ask('/accounts')).toMatchObject({
      accounts: [{ login: { state: 'login-needed', reason: 'there is no session' } }],
    })
  })

  it('does not need one again because a process has not heard of the move yet', async () => {
    next.host.takeOver(did, old.host)
    await login(next)
    await expect(sessions.account(did, { service: old.url }).call(getSession, {})).rejects.toMatchObject(needed)
    expect(await sessions.get(did)).toMatchObject({ state: 'login-needed' })
    await expect(sessions.account(did).call(getSession, {})).rejects.toMatchObject(needed)
    expect((await sessions.account(did, { service: next.url }).call(getSession, {})).status).toBe(200)
    expect(await sessions.get(did)).toMatchObject({ state: 'active', reason: undefined })
    expect((await sessions.account(did).call(getSession, {})).status).toBe(200)
  })

  it('keeps a session that holds when its host refuses it for another reason', async () => {
    old.host.setStatus(did, 'takendown')
    const input = { repo: did, collection: 'app.bsky.feed.post', rkey: 'self' }
    const { status, body } = await sessions.account(did).call('com.atproto.repo.deleteRecord', { input })
    expect([status, body.error]).toEqual([401, 'AccountTakedown'])
    expect(await sessions.get(did)).toMatchObject({ state: 'active' })
  })

  it('resumes everything that waits, page by page, and nothing that is not due', async () => {
    oauth.revokeGrants()
    for (let index = 0; index < 103; index++) await posts.put('notes', { id: `n${index}`, body: `note ${index}` })
    await posts.put('notes', { id: 'later', body: 'later' }, { publishAt: new Date(clock.now() + 86_400_000) })
    expect(await posts.resume()).toBe(0)
    await posts.drain()
    const uses = await readBudgets({ database: hosts.database, did, clock })
    expect(uses.map(({ used }) => used)).toEqual([0, 0])
    await login(old)
    expect(await posts.resume()).toBe(103)
    await posts.drain()
    expect(await posts.counts()).toEqual({ pending: 1, published: 103, parked: 0, deleted: 0 })
    expect(await posts.resume()).toBe(0)
  })
})
