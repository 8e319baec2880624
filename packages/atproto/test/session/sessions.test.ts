import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SeededRandom } from '@exprsn/core/testing'
import { systemClock } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { oauthClientNode, type OAuthLibrary } from '@exprsn/atproto/drivers/oauth-client-node'
import { createOAuthSessions } from '@exprsn/atproto/session'
import { SharedLock } from '../../src/session/shared-lock.ts'
import { keyring } from './sessions-on.ts'

const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'

interface Session {
  readonly refresh: number
  readonly isStale: boolean
}

/** An authorization server whose refresh tokens work once, and a library that does with the stores what the real one does. */
class FakeServer {
  current = 1
  grants = 0
  refusals = 0
  /** The answer to a refresh gets lost on its way. */
  losesAnswer = false

  readonly library: OAuthLibrary = async ({ sessionStore, stateStore, requestLock }) => ({
    authorize: async (input, options = {}) => {
      await stateStore.set('state', { input, ...options })
      return new URL(`https://host.example/authorize?${new URLSearchParams({ input })}`)
    },
    callback: async (query) => {
      const known = (await stateStore.get(query.get('state') ?? '')) as { state?: string } | undefined
      if (known === undefined) throw new Error('an unknown login')
      await stateStore.del('state')
      await sessionStore.set(did, { refresh: this.current, isStale: false })
      return { session: this.#session(), state: known.state ?? null }
    },
    restore: (name, refresh) =>
      requestLock(`session-${name}`, async () => {
        const session = (await sessionStore.get(name)) as Session | undefined
        if (session === undefined) throw new Error('The session was deleted by another process')
        if (!session.isStale && refresh !== true) return this.#session()
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (session.refresh !== this.current) {
          this.refusals++
          await sessionStore.del(name)
          throw new Error('invalid_grant')
        }
        this.grants++
        this.current++
        if (this.losesAnswer) throw new Error('the connection was reset')
        await sessionStore.set(name, { refresh: this.current, isStale: false })
        return this.#session()
      }),
    revoke: (name) => sessionStore.del(name),
  })

  #session() {
    return { did, fetchHandler: async () => Response.json({ did }) }
  }
}

async function stage(count = 1) {
  const database = sqliteDatabase({ path: ':memory:' })
  const server = new FakeServer()
  const all = Array.from({ length: count }, () => createOAuthSessions({ database, keyring, library: server.library }))
  await migrate(database, all[0]!.migrations)
  await all[0]!.authorize('alice.example', { state: 'mine' })
  await all[0]!.callback('state=state')
  return { database, server, all, sessions: all[0]! }
}

const call = (sessions: {
  account: (name: string) => { call: (method: string, request: object) => Promise<{ status: number }> }
}) => sessions.account(did).call('com.atproto.server.getSession', {})

async function makeStale(database: Database, server: FakeServer): Promise<void> {
  // As if the hour were over, and by whatever means the table says so.
  const store = (await import('../../src/session/sealed-store.ts')).SealedStore
  await new store(database, keyring, systemClock, {}).saveSession(did, { refresh: server.current, isStale: true })
}

describe('shared sessions', () => {
  it('S9: are refreshed once for ten users at the same moment', async () => {
    const { database, server, all } = await stage(10)
    await using _ = database
    await makeStale(database, server)
    const answers = await Promise.all(all.map(call))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect({ grants: server.grants, refusals: server.refusals }).toEqual({ grants: 1, refusals: 0 })
  })

  it('S9: that are lost with the answer to a refresh say so, once, and wait for a login', async () => {
    const { database, server, all, sessions } = await stage(3)
    await using _ = database
    await makeStale(database, server)
    server.losesAnswer = true
    await expect(call(sessions)).rejects.toThrow('reset')
    expect(await sessions.list()).toMatchObject([{ did, state: 'active' }])
    server.losesAnswer = false
    const outcomes = await Promise.allSettled(all.map(call))
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ATPROTO_OAUTH_LOGIN_NEEDED' } })
    expect(server.refusals).toBe(1)
    expect(await sessions.list()).toMatchObject([
      { state: 'login-needed', reason: expect.stringContaining('refresh token') },
    ])
    await expect(sessions.refresh(did)).rejects.toMatchObject({ code: 'ATPROTO_OAUTH_LOGIN_NEEDED' })
    await sessions.authorize('alice.example')
    await sessions.callback('state=state')
    expect((await call(sessions)).status).toBe(200)
  })

  it('are sealed, and bound to their account', async () => {
    const { database, sessions } = await stage()
    await using _ = database
    const { rows } = await database.query<{ sealed: Uint8Array }>('select sealed from exprsn_oauth_session')
    expect(Buffer.from(rows[0]!.sealed).toString('latin1')).not.toContain('refresh')
    await database.query("update exprsn_oauth_session set did = 'did:plc:other'")
    await expect(sessions.account('did:plc:other').call('x.y.z', {})).rejects.toMatchObject({
      code: 'ATPROTO_OAUTH_SESSION_DAMAGED',
    })
  })

  it('can be ended, also when they are lost', async () => {
    const { database, sessions } = await stage()
    await using _ = database
    await sessions.revoke(did)
    await sessions.revoke(did)
    expect(await sessions.list()).toEqual([])
    await expect(call(sessions)).rejects.toThrow('there is no session')
  })

  it('need the package', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    const library = oauthClientNode({
      clientMetadata: {},
      module: async () => ({
        NodeOAuthClient: class {
          constructor() {
            throw new TypeError('it takes other metadata')
          }
        } as never,
      }),
    })
    const sessions = createOAuthSessions({ database, keyring, library })
    await expect(sessions.authorize('alice.example')).rejects.toThrow('other metadata')
  })
})

describe('the shared lock', () => {
  it('is held by one, taken over from those that died, and lets others pass after a failure', async () => {
    const { database } = await stage()
    await using _ = database
    const options = { clock: systemClock, random: new SeededRandom('lock'), lease: '45s' } as const
    const locks = [0, 1, 2].map(() => new SharedLock(database, options))
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 2))
      inside--
    }
    await Promise.all(Array.from({ length: 12 }, (_, index) => locks[index % 3]!.run('one', work)))
    expect(most).toBe(1)
    await expect(
      locks[0]!.run('one', () => {
        throw new Error('it fails')
      }),
    ).rejects.toThrow('it fails')
    expect(await locks[1]!.run('one', () => 'passed')).toBe('passed')
    await database.query("insert into exprsn_oauth_lock values ('dead', 'nobody', 1)")
    expect(await locks[2]!.run('dead', () => 'taken over')).toBe('taken over')
  })
})
