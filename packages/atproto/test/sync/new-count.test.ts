import { describe, expect, it } from 'vitest'
import type { SyncSource } from '@exprsn/atproto/sync'
import { Stage } from './stage.ts'

const note = (rkey: string) => ({ action: 'create', path: `com.example.note/${rkey}`, value: { text: rkey } }) as const

/** The first connection ends as one does whose cursor the host does not know. */
function forgottenOnce(source: SyncSource): SyncSource {
  let isForgotten = true
  return {
    ...source,
    open(options) {
      if (!isForgotten) return source.open(options)
      isForgotten = false
      return (async function* () {
        yield { kind: 'reset' } as const
      })()
    },
  }
}

describe('a host that one of two processes takes to count anew', () => {
  it('is followed by both under the new count, and each change is told once', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    await using first = stage.sync()
    first.start()
    await stage.clock.advanceBy(500)
    await using second = stage.sync({ source: forgottenOnce(stage.source()) })
    second.start()
    await stage.clock.advanceBy(2_000)
    const { rows } = await stage.database.query<{ epoch: number }>('select epoch from exprsn_sync_source')
    expect(rows[0]!.epoch).toBe(2)

    for (const handle of ['bob.test', 'carol.test', 'dave.test']) {
      stage.host.setHandle(did, handle)
      stage.host.write(did, [note(handle)])
      await stage.clock.advanceBy(2_000)
    }
    stage.host.setStatus(did, 'deactivated')
    await stage.clock.advanceBy(2_000)
    stage.host.setStatus(did, 'active')
    await stage.clock.advanceBy(2_000)
    expect(stage.told(did).filter((text) => !text.startsWith('create'))).toEqual([
      'account active',
      'identity bob.test',
      'identity carol.test',
      'identity dave.test',
      'account deactivated',
      'account active',
    ])
    expect(await stage.copy()).toEqual(stage.expected())
    expect(first.status().cursor).toBe(stage.host.events.last)
    expect(second.status().cursor).toBe(stage.host.events.last)
  })

  it('leaves nothing undone where the process that found it died at once', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy(500)
    await stage.database.query('update exprsn_sync_source set epoch = epoch + 1, seq = null, listing = 1')
    for (const rkey of ['a', 'b', 'c']) {
      stage.host.write(did, [note(rkey)])
      await stage.clock.advanceBy(2_000)
    }
    expect(await stage.copy()).toEqual(stage.expected())
    expect(stage.told(did).filter((text) => text.startsWith('create'))).toHaveLength(3)
    expect(sync.status().cursor).toBe(stage.host.events.last)
  })
})
