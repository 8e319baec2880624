import type { Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import type { Cid, DataObject } from '@exprsn/atproto/codec'
import { createSigningKey } from '@exprsn/atproto/crypto'
import type { ServedRepos } from '@exprsn/atproto/federation'
import { decodeFrame, readCommitMessage, verifyCommit, verifyRepo, type RepoState } from '@exprsn/atproto/repo'
import { HostRecords, servedDatabase } from './stream-host.ts'

const did = 'did:web:news.example'
const other = 'did:web:other.example'

interface Heard {
  readonly type: string
  readonly body: DataObject
}

/** What is kept after a cursor. */
async function kept(database: Database, repos: ServedRepos, cursor = 0): Promise<Heard[]> {
  const sql = 'select max(seq) as last from exprsn_served_event where seq > $1'
  const { last } = (await database.query<{ last: number | null }>(sql, [cursor])).rows[0]!
  const heard: Heard[] = []
  if (last === null) return heard
  for await (const frame of repos.events({ cursor, signal: new AbortController().signal })) {
    heard.push(decodeFrame(frame) as Heard)
    if (heard.at(-1)!.body.seq === last) break
  }
  return heard
}

const typesOf = (heard: readonly Heard[]): string[] => heard.map(({ type }) => type)

async function stage() {
  const records = new HostRecords('stream')
  const database = await servedDatabase(records)
  const clock = new SimulatedClock()
  const repos = records.served(database, { clock })
  return { records, database, clock, repos, [Symbol.asyncDispose]: () => database.close() }
}

describe('the events of served repositories', () => {
  it('begin with the account, and tell each change as a commit that proves itself and follows the one before', async () => {
    await using host = await stage()
    const { records, database, repos, clock } = host
    records.add(did, 20)
    await repos.refresh()
    for (let round = 0; round < 40; round++) {
      records.change(did, 1 + (round % 7))
      await repos.refresh(did)
      // Nothing has changed: nothing is said.
      await repos.refresh()
    }
    const heard = await kept(database, repos)
    expect(typesOf(heard).slice(0, 3)).toEqual(['#identity', '#account', '#commit'])
    expect(heard.map(({ body }) => body.seq)).toEqual(heard.map((_, index) => index + 1))
    expect(heard[1]!.body).toMatchObject({ did, active: true })
    let previous: RepoState | undefined
    const copy = new Map<string, string>()
    for (const { body } of heard.slice(2)) {
      const message = readCommitMessage(body)
      const verified = verifyCommit(message, { signingKey: records.key.didKey, previous, clock })
      expect(verified.continuity).toBe(previous === undefined ? 'first' : 'follows')
      expect(message).toMatchObject({ since: previous?.rev, did })
      for (const { action, path, cid } of verified.operations) {
        expect(copy.has(path)).toBe(action !== 'create')
        if (cid === undefined) copy.delete(path)
        else copy.set(path, String(cid))
      }
      previous = verified.state
    }
    const archive = verifyRepo(await repos.archive(did), { did, signingKey: records.key.didKey })
    expect(archive.rev).toBe(previous!.rev)
    expect(copy).toEqual(new Map([...archive.records()].map(({ path, cid }) => [path, String(cid as Cid)])))
  })

  it('say #sync for what is too much for a commit, in operations and in bytes', async () => {
    await using host = await stage()
    const { records, database, repos } = host
    records.add(did, 200)
    await repos.refresh()
    expect(typesOf(await kept(database, repos))).toEqual(['#identity', '#account', '#commit'])
    for (let index = 0; index < 201; index++) records.create(did)
    await repos.refresh()
    const big = 'x'.repeat(900_000)
    for (const name of ['a', 'b', 'c'])
      records.repos.get(did)!.records[`com.example.note/${name}`] = { $type: 'com.example.note', text: name + big }
    await repos.refresh()
    records.create(did)
    await repos.refresh()
    const heard = (await kept(database, repos)).slice(3)
    expect(typesOf(heard)).toEqual(['#sync', '#sync', '#commit'])
    const { rev } = await repos.head(did)
    expect(heard[2]!.body.rev).toBe(rev)
    // It follows the state that #sync named.
    expect(heard[2]!.body.since).toBe(heard[1]!.body.rev)
    expect((heard[0]!.body.blocks as Uint8Array).length).toBeLessThan(1_000)
  })

  it('tell of new names and keys, and of accounts that go, return and are deleted with their past', async () => {
    await using host = await stage()
    const { records, database, repos } = host
    records.add(did, 2)
    records.add(other, 1)
    await repos.refresh()
    const repo = records.repos.get(did)!
    repo.handle = 'news.example'
    await repos.refresh()
    repo.status = 'deactivated'
    await repos.refresh()
    records.create(did)
    await repos.refresh()
    await expect(repos.archive(did)).rejects.toMatchObject({ code: 'ATPROTO_SERVED_REPO_INACTIVE' })
    await expect(repos.proof(did, 'com.example.note/k0')).rejects.toThrow('deactivated')
    repo.status = 'active'
    await repos.refresh()
    const ofDid = (heard: readonly Heard[]) => heard.filter(({ body }) => (body.did ?? body.repo) === did)
    const heard = ofDid(await kept(database, repos)).slice(3)
    expect(heard.map(({ type, body }) => [type, body.handle ?? body.status ?? body.active])).toEqual([
      ['#identity', 'news.example'],
      ['#account', 'deactivated'],
      ['#account', true],
      ['#sync', undefined],
    ])
    await repos.remove(did)
    await repos.remove(did)
    records.repos.delete(did)
    await repos.refresh()
    expect(ofDid(await kept(database, repos)).map(({ type, body }) => [type, body.status])).toEqual([
      ['#account', 'deleted'],
    ])
    expect(typesOf(await kept(database, repos))).toEqual(['#identity', '#account', '#commit', '#account'])

    const { rev } = ofDid(heard).at(-1)!.body as { readonly rev: string }
    records.add(did, 1)
    await repos.refresh()
    const again = ofDid(await kept(database, repos)).slice(1)
    expect(typesOf(again)).toEqual(['#identity', '#account', '#sync'])
    expect((again[2]!.body.rev as string) > rev).toBe(true)
  })

  it('follow a new key with a commit that it signs', async () => {
    await using host = await stage()
    const { records, database, clock, repos } = host
    records.add(did, 3)
    await repos.refresh()
    const key = createSigningKey('p256')
    const renewed = records.served(database, {
      clock,
      read: () => ({ key, records: { ...records.repos.get(did)!.records } }),
    })
    await renewed.refresh()
    const [identity, commit, ...rest] = (await kept(database, renewed)).slice(3)
    expect([identity?.type, commit?.type, rest]).toEqual(['#identity', '#commit', []])
    const verified = verifyCommit(readCommitMessage(commit!.body), { signingKey: key.didKey, clock })
    expect(verified.operations).toEqual([])
  })

  it('are the same whichever process finds the change, and none is told twice', async () => {
    await using host = await stage()
    const { records, database, clock, repos } = host
    const second = records.served(database, { clock })
    records.add(did, 5)
    for (let round = 0; round < 20; round++) {
      records.change(did, 3)
      await Promise.all([repos.refresh(), second.head(did), second.refresh(), repos.archive(did)])
    }
    const heard = await kept(database, second)
    expect(heard.map(({ body }) => body.seq)).toEqual(heard.map((_, index) => index + 1))
    const revs = heard.slice(2).map(({ body }) => body.rev as string)
    expect(new Set(revs).size).toBe(revs.length)
    expect(heard.slice(3).map(({ body }) => body.since)).toEqual(revs.slice(0, -1))
    expect(heard.slice(2).every(({ type }) => type === '#commit')).toBe(true)
  })

  it('go on after a cursor; those that are no longer kept are said to be missing, and those to come are unknown', async () => {
    await using host = await stage()
    const { records, database, clock } = host
    const repos = records.served(database, { clock, keepEvents: { count: 10, age: '1h' } })
    records.add(did, 1)
    await repos.refresh()
    for (let round = 0; round < 20; round++) {
      records.create(did)
      await repos.refresh()
    }
    const all = await kept(database, repos)
    expect(all.map(({ body }) => body.seq)).toEqual([14, 15, 16, 17, 18, 19, 20, 21, 22, 23])
    expect((await kept(database, repos, 20)).map(({ body }) => body.seq)).toEqual([21, 22, 23])
    expect(await kept(database, repos, 23)).toEqual([])
    expect((await kept(database, repos, 13)).map(({ body }) => body.seq)).toEqual(all.map(({ body }) => body.seq))
    const [info, ...rest] = await kept(database, repos, 12)
    expect(info).toMatchObject({ type: '#info', body: { name: 'OutdatedCursor' } })
    expect(rest).toHaveLength(10)
    const { signal } = new AbortController()
    await expect(repos.events({ cursor: 24, signal }).next()).rejects.toMatchObject({
      code: 'ATPROTO_STREAM_CURSOR_FUTURE',
    })
    await clock.advanceBy('2h')
    records.create(did)
    await repos.refresh()
    expect((await kept(database, repos)).map(({ body }) => body.seq)).toEqual([24])
  })

  it('end for a reader that has not taken them before they were forgotten', async () => {
    await using host = await stage()
    const { records, database, clock } = host
    const repos = records.served(database, { clock, keepEvents: { count: 30 } })
    records.add(did, 1)
    await repos.refresh()
    const frames = repos.events({ cursor: 0, signal: new AbortController().signal })
    await frames.next()
    for (let round = 0; round < 60; round++) {
      records.create(did)
      await repos.refresh()
    }
    const drain = async (): Promise<void> => {
      for await (const frame of frames) expect(frame.length).toBeGreaterThan(0)
    }
    await expect(drain()).rejects.toMatchObject({ code: 'ATPROTO_STREAM_CONSUMER_SLOW' })
  })

  it('begin with the state where there was a repository before there was a stream', async () => {
    await using host = await stage()
    const { records, database, repos } = host
    records.add(did, 4)
    await repos.refresh()
    await database.query('update exprsn_served_repo set status = null, handle = null, signed_by = null')
    await database.query('delete from exprsn_served_record')
    await database.query('delete from exprsn_served_event')
    await repos.refresh()
    records.create(did)
    await repos.refresh()
    expect(typesOf(await kept(database, repos))).toEqual(['#sync', '#commit'])
  })
})
