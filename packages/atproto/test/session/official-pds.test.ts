import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createId, systemClock } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import {
  atprotoNetworkUnavailable,
  startAtprotoNetwork,
  type AtprotoNetwork,
} from '@exprsn/real-servers/atproto-network'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPublisher } from '@exprsn/atproto/publish'
import { SealedStore } from '../../src/session/sealed-store.ts'
import { notes, type Items } from '../publish/stage.ts'
import { keyring, sessionsOn } from './sessions-on.ts'
import { signIn } from './sign-in.ts'

const unavailable = await atprotoNetworkUnavailable()
const processes = 10

describe.skipIf(unavailable !== undefined)(`OAuth on the official PDS (${unavailable ?? 'installed'})`, () => {
  let network: AtprotoNetwork
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-oauth-'))
  beforeAll(async () => {
    network = await startAtprotoNetwork()
  }, 300_000)
  afterAll(async () => {
    await network?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function createAccount(): Promise<{ readonly name: string; readonly did: string }> {
    const name = `o${createId().replaceAll('-', '').slice(-16)}`
    const made = await fetch(`${network.url}/xrpc/com.atproto.server.createAccount`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handle: `${name}.test`, email: `${name}@example.com`, password: 'password' }),
    })
    const { did } = (await made.json()) as { did: string }
    return { name, did }
  }

  async function endAtServer(did: string, session: unknown): Promise<void> {
    await using elsewhere = sqliteDatabase({ path: ':memory:' })
    const owner = sessionsOn(elsewhere, network).sessions
    await migrate(elsewhere, owner.migrations)
    await new SealedStore(elsewhere, keyring, systemClock, {}).saveSession(did, session)
    await owner.revoke(did)
  }

  it('S9: a login is taken once, by who began it, from the server that was asked; nonces change as servers like', async () => {
    const { name, did } = await createAccount()
    await using database = sqliteDatabase({ path: ':memory:' })
    const { sessions, nonces } = sessionsOn(database, network)
    await migrate(database, sessions.migrations)
    const query = new URLSearchParams(await signIn(await sessions.authorize(did), `${name}.test`, 'password'))
    const stranger = new URLSearchParams(query)
    stranger.set('state', 'of-another')
    await expect(sessions.callback(stranger)).rejects.toThrow('Unknown authorization session')
    expect(await sessions.list()).toEqual([])
    expect(await sessions.callback(query)).toMatchObject({ did })
    // A second time it is nobody's.
    await expect(sessions.callback(query)).rejects.toThrow('Unknown authorization session')
    expect(nonces).toContain('/oauth/par')
    // A process that begins knows no nonce, and is asked for one.
    const fresh = sessionsOn(database, network)
    expect((await fresh.sessions.account(did).call('com.atproto.server.getSession', {})).body.did).toBe(did)
    expect(fresh.nonces).toEqual(['/xrpc/com.atproto.server.getSession'])
    const mixed = new URLSearchParams(await signIn(await sessions.authorize(did), `${name}.test`, 'password'))
    mixed.set('iss', 'https://other.example')
    await expect(sessions.callback(mixed)).rejects.toThrow(/iss/i)
    expect(await sessions.list()).toMatchObject([{ did, state: 'active' }])
  }, 240_000)

  it('an account signs in, is published with, refreshed by ten processes with one grant, signs in anew, and is revoked', async () => {
    const { name, did } = await createAccount()
    const path = join(folder, 'sessions.db')
    await using database = sqliteDatabase({ path })
    const { sessions, grants } = sessionsOn(database, network)
    await migrate(database, sessions.migrations)

    const url = await sessions.authorize(`${name}.test`, { state: 'from here' })
    const query = await signIn(url, `${name}.test`, 'password')
    expect(await sessions.callback(query)).toEqual({ did, state: 'from here' })
    expect(await sessions.list()).toMatchObject([{ did, state: 'active' }])

    const publisher = createPublisher<Items>({ database, account: sessions.account(did), mappings: { notes: notes() } })
    await migrate(database, publisher.migrations)
    await publisher.put('notes', { id: 'a', body: 'by OAuth' })
    await publisher.drain({ deadline: '60s' })
    expect((await publisher.get('notes', 'a'))?.state).toBe('published')
    expect(grants.filter((status) => status === 200)).toEqual([])

    await sessions.refresh(did)
    expect(grants.filter((status) => status === 200)).toHaveLength(1)

    // The token runs out while ten processes are about to use it.
    const store = new SealedStore(database, keyring, systemClock, {})
    const session = (await store.readSession(did)) as { tokenSet: Record<string, unknown> }
    const expires_at = new Date(Date.now() - 60_000).toISOString()
    await store.saveSession(did, { ...session, tokenSet: { ...session.tokenSet, expires_at } })
    const program = join(import.meta.dirname, 'refresh.process.ts')
    const execArgv = ['--conditions=@exprsn/source']
    const children = Array.from({ length: processes }, () =>
      fork(program, [path, network.url, network.plcUrl, did], { execArgv }),
    )
    await Promise.all(children.map((child) => once(child, 'message')))
    const answers = await Promise.all(
      children.map(async (child) => {
        const told = once(child, 'message')
        child.send('go')
        const [answer] = (await told) as [{ status: number; body: string; grants: number[] }]
        return answer
      }),
    )
    expect(answers.map(({ status, body }) => (status === 200 ? 200 : body))).toEqual(Array(processes).fill(200))
    expect(answers.flatMap((answer) => answer.grants).filter((status) => status === 200)).toHaveLength(1)
    expect((await sessions.account(did).call('com.atproto.server.getSession', {})).body.did).toBe(did)

    // Its owner ends the session at the server, which this side is not told.
    const current = (await store.readSession(did)) as { tokenSet: Record<string, unknown> }
    await endAtServer(did, current)
    await store.saveSession(did, { ...current, tokenSet: { ...current.tokenSet, expires_at } })
    await publisher.put('notes', { id: 'b', body: 'after the session' })
    await publisher.drain({ deadline: '60s' })
    expect(await publisher.get('notes', 'b')).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('session'),
    })
    expect(await sessions.get(did)).toMatchObject({ state: 'login-needed' })
    const again = await sessions.authorize(`${name}.test`)
    await sessions.callback(await signIn(again, `${name}.test`, 'password'))
    expect(await sessions.get(did)).toMatchObject({ state: 'active', reason: undefined })
    expect(await publisher.resume()).toBe(1)
    await publisher.drain({ deadline: '60s' })
    expect((await publisher.get('notes', 'b'))?.state).toBe('published')

    await sessions.revoke(did)
    expect(await sessions.list()).toEqual([])
    await expect(sessions.account(did).call('com.atproto.server.getSession', {})).rejects.toMatchObject({
      code: 'ATPROTO_OAUTH_LOGIN_NEEDED',
    })
  }, 240_000)
})
