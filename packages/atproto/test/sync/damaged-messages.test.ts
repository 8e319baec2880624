import { sleep } from '@exprsn/core'
import type { DataObject } from '@exprsn/atproto/codec'
import { decodeFrame, encodeFrame } from '@exprsn/atproto/repo'
import type { SyncOptions } from '@exprsn/atproto/sync'
import { describe, expect, it } from 'vitest'
import { Stage } from './stage.ts'

const note = (rkey: string) => ({ action: 'create', path: `com.example.note/${rkey}`, value: { text: rkey } }) as const

/** A sync that has just read its first list, and two accounts that are in step. */
async function inStep(options: (stage: Stage) => Partial<SyncOptions> = () => ({})) {
  const stage = await Stage.open()
  const [bad, good] = ['bad.test', 'good.test'].map((handle) => stage.host.createAccount({ handle }).did)
  for (const did of [bad!, good!]) stage.host.write(did, [note('first')])
  const sync = stage.sync(options(stage))
  sync.start()
  await stage.clock.advanceBy(500)
  stage.fetches.length = 0
  return { stage, sync, bad: bad!, good: good!, [Symbol.asyncDispose]: () => sync.close() }
}

/** Changes the commits of an account from here on. */
function change(stage: Stage, did: string, changed: (body: DataObject) => DataObject): void {
  stage.alter = (frame) => {
    const decoded = decodeFrame(frame.bytes)
    const isIts = frame.did === did && decoded.type === '#commit' && 'body' in decoded
    return [isIts ? encodeFrame('#commit', changed(decoded.body)) : frame.bytes]
  }
}

describe('the last commit of a repository, damaged on its way', () => {
  it('under a revision of long ago is not taken for one that was applied', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    change(stage, bad, (body) => ({ ...body, rev: '2222222222222' }))
    stage.host.write(bad, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(bad).at(-1)).toBe('create second (fetched)')
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('under a revision of long ago is waited for when the repository is served from an old copy', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    const old = stage.host.accounts.get(bad)!.repo.archive()
    stage.onFetch = (_, bytes) => (stage.fetches.length < 3 ? old : bytes)
    change(stage, bad, (body) => ({ ...body, rev: '2222222222222' }))
    stage.host.write(bad, [note('second')])
    await stage.clock.advanceBy('2m')
    expect(await stage.copy()).toEqual(stage.expected())
    expect(scene.sync.status().tally.fetched).toBeGreaterThan(2)
  })

  it.for([
    ['nobody has', () => 'did:plc:nobodynobodynobodynobody'],
    ['another account has', (other: string) => other],
  ] as const)(
    'under a name that %s is found by the list, and the repository of that name is left alone',
    async ([, named]) => {
      await using scene = await inStep()
      const { stage, sync, bad, good } = scene
      change(stage, bad, (body) => ({ ...body, repo: named(good) }))
      stage.host.write(bad, [note('second')])
      await stage.clock.advanceBy('70s')
      expect(stage.fetches).toEqual([bad])
      expect(await stage.copy()).toEqual(stage.expected())
      expect(await sync.parked()).toEqual([])
      expect(sync.status().tally).toMatchObject({ damaged: 1, connections: 1 })
    },
  )

  it('under another name is found after a crash before the list was read', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    change(stage, bad, (body) => ({ ...body, repo: good }))
    stage.host.write(bad, [note('second')])
    await stage.clock.advanceBy('2s')
    expect(stage.fetches).toEqual([])
    await sync.close()
    await using next = stage.sync()
    next.start()
    await stage.clock.advanceBy('5s')
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('beyond reading is found within a minute after the last list, on the same connection', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    stage.alter = () => [Uint8Array.of(0xff)]
    for (const did of [bad, good]) {
      stage.host.write(did, [note('second')])
      await stage.clock.advanceBy('5s')
    }
    expect(stage.fetches).toEqual([])
    await stage.clock.advanceBy('60s')
    expect(stage.fetches.toSorted()).toEqual([bad, good].toSorted())
    expect(await stage.copy()).toEqual(stage.expected())
    expect(sync.status().tally).toMatchObject({ damaged: 2, connections: 1 })
  })

  it('beyond reading while the list is read is found by the next one', async () => {
    await using scene = await inStep((stage) => {
      const source = stage.source()
      async function* listRepos({ signal }: { readonly signal: AbortSignal }) {
        yield* source.listRepos!({ signal })
        await sleep(10_000, { clock: stage.clock, signal })
      }
      return { source: { ...source, listRepos } }
    })
    const { stage, bad } = scene
    stage.alter = () => [Uint8Array.of(0xff)]
    stage.host.write(bad, [note('second')])
    await stage.clock.advanceBy('15s')
    const { rows } = await stage.database.query<{ listing: number }>('select listing from exprsn_sync_source')
    expect(rows[0]!.listing).toBe(1)
    await stage.clock.advanceBy('80s')
    expect(await stage.copy()).toEqual(stage.expected())
  })
})

describe('a commit under a key of before', () => {
  it('that comes again after it was applied costs no fetch', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    const [earlier] = stage.host.events
      .after(0)
      .filter(({ did, bytes }) => did === bad && decodeFrame(bytes).type === '#commit')
    stage.host.rotateKey(bad)
    await stage.clock.advanceBy('2m')
    stage.alter = ({ bytes }) => [earlier!.bytes, bytes]
    stage.host.write(bad, [note('second')])
    await stage.clock.advanceBy('2m')
    expect(stage.fetches).toEqual([])
    expect(await stage.copy()).toEqual(stage.expected())
  })
})
