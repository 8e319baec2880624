import { describe, expect, it } from 'vitest'
import type { SourceItem, SyncSource } from '@exprsn/atproto/sync'
import { Stage } from './stage.ts'

const record = (seq: number, rkey: string, cid: string | undefined): SourceItem => ({
  kind: 'message',
  size: 100,
  message: {
    kind: 'record',
    seq,
    did: 'did:plc:a',
    time: '2026-01-01T00:00:00.000Z',
    rev: `3${String(seq).padStart(12, '2')}`,
    path: `com.example.note/${rkey}`,
    record: cid === undefined ? undefined : { cid, value: { text: cid } },
    live: true,
  },
})

/** A source that gives single records without proofs, has no repositories, and repeats what was not acknowledged. */
function recordSource(items: readonly SourceItem[], acknowledged: number[]): SyncSource {
  return {
    name: 'records',
    finite: true,
    async *open() {
      yield { kind: 'open' }
      yield* items
    },
    acknowledge: (seq) => void acknowledged.push(seq),
  }
}

describe('a source of single records without proofs', () => {
  const items = [record(1, 'a', 'one'), record(2, 'b', 'two'), record(3, 'a', 'three'), record(4, 'b', undefined)]

  it('is applied by number, acknowledged when applied, and marked as unverified', async () => {
    const stage = await Stage.open()
    const acknowledged: number[] = []
    for (let run = 0; run < 2; run++) {
      await using sync = stage.sync({ source: recordSource(items, acknowledged) })
      const running = sync.runOnce()
      await stage.clock.advanceBy('5s')
      expect((await running).cursor).toBe(4)
    }
    expect(stage.told()).toEqual(['create a', 'create b', 'update a', 'delete b'])
    expect(stage.events.every((event) => 'verified' in event && !event.verified)).toBe(true)
    expect(await stage.copy()).toEqual({ 'at://did:plc:a/com.example.note/a': 'three' })
    expect(acknowledged).toEqual([1, 2, 3, 4, 1, 2, 3, 4])
  })

  it('waits for a handler that fails: there is nothing to fetch the rest from', async () => {
    const stage = await Stage.open()
    const acknowledged: number[] = []
    let fails = true
    stage.onApply = (event) => {
      if (fails && 'rkey' in event && event.rkey === 'b') throw new Error('not now')
    }
    await using sync = stage.sync({ source: recordSource(items, acknowledged), attempts: 2 })
    sync.start()
    await stage.clock.advanceBy('5m')
    expect([stage.told(), acknowledged, sync.status().cursor]).toEqual([['create a'], [1], 1])
    expect(await sync.parked()).toEqual([])
    fails = false
    await stage.clock.advanceBy('1m')
    expect(stage.told()).toEqual(['create a', 'create b', 'update a', 'delete b'])
    expect(acknowledged).toEqual([1, 2, 3, 4])
  })
})
