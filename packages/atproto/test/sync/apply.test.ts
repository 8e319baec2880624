import { createMetrics } from '@exprsn/core/metrics'
import { describe, expect, it } from 'vitest'
import { carSource, createSync } from '@exprsn/atproto/sync'
import { Stage } from './stage.ts'

const note = (rkey: string, text = rkey) =>
  ({ action: 'create', path: `com.example.note/${rkey}`, value: { text } }) as const
const edit = (rkey: string, text: string) =>
  ({ action: 'update', path: `com.example.note/${rkey}`, value: { text } }) as const
const remove = (rkey: string) => ({ action: 'delete', path: `com.example.note/${rkey}` }) as const

describe('a sync', () => {
  it('begins with what is there, and goes on with what comes', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a'), note('b')])
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(500)
    expect(stage.told(did)).toEqual(['create a (fetched)', 'create b (fetched)', 'account active'])
    stage.host.write(did, [note('c'), edit('a', 'edited'), remove('b')])
    await stage.clock.advanceBy(500)
    expect(stage.told(did).slice(3)).toEqual(['create c', 'update a', 'delete b'])
    expect(await stage.copy()).toEqual(stage.expected())
    expect(stage.fetches).toEqual([did])
    expect(sync.status()).toMatchObject({ cursor: stage.host.events.last, connected: true, pending: 0, lag: 500 })
    expect(await sync.counts()).toEqual({ synced: 1, desynced: 0, parked: 0 })
  })

  it('takes a new account from its first commit, without fetching it', async () => {
    const stage = await Stage.open()
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(200)
    const { did } = stage.host.createAccount({ handle: 'bob.test' })
    stage.host.write(did, [note('a')])
    await stage.clock.advanceBy(200)
    expect(stage.told(did)).toEqual(['identity bob.test', 'account active', 'create a'])
    expect(stage.fetches).toEqual([])
  })

  it('goes on where it was, and applies nothing twice', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    for (let run = 0; run < 4; run++) {
      stage.host.write(did, [note(`k${run}`)])
      await using sync = stage.sync()
      const running = sync.runOnce({ quiet: 200 })
      await stage.clock.advanceBy(100)
      stage.host.write(did, [note(`live${run}`)])
      await stage.clock.advanceBy(5_000)
      await running
    }
    expect(await stage.copy()).toEqual(stage.expected())
    expect(stage.told(did).filter((text) => text.startsWith('create'))).toHaveLength(8)
    expect(stage.fetches).toEqual([did])
  })

  it('reads a delete and a create of one path as the change that it is', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a')])
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(500)
    stage.host.write(did, [remove('a'), note('a', 'again')])
    stage.host.write(did, [])
    stage.host.write(did, [remove('a'), note('a', 'again')])
    await stage.clock.advanceBy(500)
    expect(stage.told(did).slice(2)).toEqual(['update a'])
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('takes only the collections and accounts that are wanted', async () => {
    const stage = await Stage.open()
    const alice = stage.host.createAccount({ handle: 'alice.test' })
    const spam = stage.host.createAccount({ handle: 'spam.test' })
    for (const { did } of [alice, spam])
      stage.host.write(did, [note('a'), { action: 'create', path: 'com.other.thing/a', value: {} }])
    await using sync = stage.sync({ collections: ['com.example.note'], accepts: (did) => did !== spam.did })
    sync.start()
    await stage.clock.advanceBy(500)
    stage.host.write(spam.did, [note('b')])
    stage.host.write(alice.did, [{ action: 'create', path: 'com.other.thing/b', value: {} }])
    await stage.clock.advanceBy(500)
    expect(Object.keys(await stage.copy())).toEqual([`at://${alice.did}/com.example.note/a`])
    expect(sync.status().cursor).toBe(stage.host.events.last)
  })

  it('without a backfill fetches a repository when it changes for the first time', async () => {
    const stage = await Stage.open()
    const [alice, quiet] = ['alice.test', 'quiet.test'].map((handle) => stage.host.createAccount({ handle }))
    for (const { did } of [alice!, quiet!]) stage.host.write(did, [note('a')])
    await using sync = stage.sync({ backfill: false })
    sync.start()
    await stage.clock.advanceBy(500)
    expect(stage.fetches).toEqual([])
    stage.host.write(alice!.did, [note('b')])
    await stage.clock.advanceBy(500)
    expect(stage.told()).toEqual(['create a (fetched)', 'create b (fetched)', 'account active'])
  })

  it('follows accounts that go, return, and are deleted with their records', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a'), note('b')])
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(500)
    stage.host.setStatus(did, 'deactivated')
    stage.host.setStatus(did, 'active')
    stage.host.setHandle(did, 'alice2.test')
    await stage.clock.advanceBy(500)
    stage.host.deleteAccount(did)
    await stage.clock.advanceBy(500)
    expect(stage.told(did).slice(3)).toEqual([
      'account deactivated',
      'account active',
      'identity alice2.test',
      'account deleted',
      'delete a',
      'delete b',
    ])
    expect(await stage.copy()).toEqual({})
  })

  it('fetches an account that was away only when it is back', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a')])
    stage.host.setStatus(did, 'takendown')
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy('5m')
    expect([stage.told(did), stage.fetches.length]).toEqual([['account takendown'], 1])
    stage.host.setStatus(did, 'active')
    await stage.clock.advanceBy('10s')
    expect(stage.told(did)).toEqual(['account takendown', 'account active', 'create a (fetched)'])
  })

  it('moves along with an account that comes from another host and says only #sync', async () => {
    const stage = await Stage.open()
    const { did, repo } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a')])
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(500)
    repo.apply([note('elsewhere')], stage.host.nextTid())
    stage.host.announceSync(did)
    await stage.clock.advanceBy('5s')
    expect(stage.told(did).at(-1)).toBe('create elsewhere (fetched)')
    stage.host.announceSync(did)
    await stage.clock.advanceBy('5s')
    expect(stage.fetches).toEqual([did, did])
  })

  it('tells lag, counts and failures as metrics', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    const metrics = createMetrics()
    await using sync = stage.sync({ metrics })
    sync.start()
    await stage.clock.advanceBy(500)
    stage.host.write(did, [note('a')])
    await stage.clock.advanceBy(2_000)
    let text = ''
    for await (const part of metrics.text()) text += part
    expect(text).toContain('atproto_sync_lag_seconds{source="stage"} 2')
    expect(text).toContain('atproto_sync_records_total{source="stage",outcome="created"} 1')
    expect(text).toContain('atproto_sync_connected{source="stage"} 1')
  })

  it('takes repositories from CARs, and again without effect', async () => {
    const stage = await Stage.open()
    const { did, repo } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a'), note('b')])
    for (let run = 0; run < 2; run++) {
      await using sync = stage.sync({ source: carSource({ archives: [repo.archive()] }) })
      const running = sync.runOnce()
      await stage.clock.advanceBy('5s')
      await running
    }
    expect(stage.told(did)).toEqual(['create a (fetched)', 'create b (fetched)', 'account active'])
    expect(() => carSource({ archives: [Uint8Array.of(1)] })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_CAR_INVALID' }),
    )
  })

  it('ends its runs by a deadline, a signal or its end, and refuses to go on then', async () => {
    const stage = await Stage.open()
    stage.host.createAccount({ handle: 'alice.test' })
    const sync = stage.sync()
    const limited = sync.runOnce({ quiet: '1h', deadline: '2s' })
    await stage.clock.advanceBy('3s')
    expect((await limited).connected).toBe(false)
    const stop = new AbortController()
    const aborted = sync.runOnce({ quiet: '1h', signal: stop.signal })
    stop.abort(new Error('enough'))
    await stage.clock.advanceBy('1s')
    await expect(aborted).rejects.toThrow('enough')
    await sync.close()
    expect(() => sync.start()).toThrow(expect.objectContaining({ code: 'ATPROTO_SYNC_CLOSED' }))
    expect(stage.clock.pending).toBe(0)
  })

  it('refuses options that make no sense', async () => {
    const stage = await Stage.open()
    const wrong = [{ concurrency: 0 }, { batch: 1.5 }, { collections: ['*'] }, { applyTimeout: 0 }]
    for (const options of wrong)
      expect(() =>
        createSync({
          database: stage.database,
          source: stage.source(),
          resolveSigningKey: async () => '',
          apply: () => {},
          ...options,
        }),
      ).toThrow(expect.objectContaining({ code: 'ATPROTO_SYNC_OPTION_INVALID' }))
  })
})
