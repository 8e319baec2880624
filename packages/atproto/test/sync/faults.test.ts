import { describe, expect, it } from 'vitest'
import type { DataObject } from '@exprsn/atproto/codec'
import { decodeFrame, encodeFrame } from '@exprsn/atproto/repo'
import type { StoredFrame } from '@exprsn/atproto/testing'
import { Stage } from './stage.ts'

const note = (rkey: string, value: DataObject = { text: rkey }) =>
  ({ action: 'create', path: `com.example.note/${rkey}`, value }) as const

/** Changes the body of the commits of an account, once. */
function once(stage: Stage, did: string, change: (body: DataObject) => DataObject): void {
  let isDone = false
  stage.alter = (frame: StoredFrame) => {
    const decoded = decodeFrame(frame.bytes)
    if (isDone || frame.did !== did || decoded.type !== '#commit' || !('body' in decoded)) return [frame.bytes]
    isDone = true
    return [encodeFrame('#commit', change(decoded.body))]
  }
}

/** Two accounts in step, one of which is going to have a problem. */
async function inStep() {
  const stage = await Stage.open()
  const [bad, good] = ['bad.test', 'good.test'].map((handle) => stage.host.createAccount({ handle }))
  for (const { did } of [bad!, good!]) stage.host.write(did, [note('first')])
  const sync = stage.sync()
  sync.start()
  await stage.clock.advanceBy(500)
  stage.events.length = 0
  stage.fetches.length = 0
  return { stage, sync, bad: bad!, good: good!, [Symbol.asyncDispose]: () => sync.close() }
}

describe('S2–S4: what is not canonical, whole or in order', () => {
  const spoilt: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    'a flipped bit': (bytes) => bytes.map((byte, index) => (index === bytes.length - 5 ? byte ^ 1 : byte)),
    'bytes behind the end': (bytes) => Buffer.concat([bytes, Uint8Array.of(1, 2, 3)]),
    'a missing end': (bytes) => bytes.subarray(0, bytes.length - 10),
    'a huge length': (bytes) => Buffer.concat([bytes, Uint8Array.of(0xff, 0xff, 0xff, 0x7f)]),
    nothing: () => new Uint8Array(),
  }
  it.for(Object.entries(spoilt))('in a repository is refused: %s', async ([, spoil]) => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    stage.host.write(did, [note('a')])
    stage.onFetch = (_, bytes) => spoil(bytes)
    await using sync = stage.sync()
    sync.start()
    await stage.clock.advanceBy('3s')
    expect(stage.events).toEqual([])
    const [parked] = await sync.parked()
    expect(parked).toMatchObject({ did, error: expect.stringMatching(/^ATPROTO_(CAR|CBOR|MST|REPO|COMMIT)_/) })
    stage.onFetch = (_, bytes) => bytes
    await stage.clock.advanceBy('5m')
    expect(await stage.copy()).toEqual(stage.expected())
    expect(await sync.parked()).toEqual([])
  })

  it('in a commit is refused, and its repository is fetched instead', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    once(stage, bad.did, (body) => ({ ...body, blocks: (body.blocks as Uint8Array).subarray(0, -1) }))
    stage.host.write(bad.did, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told()).toEqual(['create second (fetched)'])
  })

  it('in a frame is passed over, and the list of repositories is compared', async () => {
    await using scene = await inStep()
    const { stage, bad, good } = scene
    await stage.clock.advanceBy('2m')
    stage.alter = ({ did, bytes }) => (did === bad.did ? [Uint8Array.of(0xff)] : [bytes])
    stage.host.write(bad.did, [note('second')])
    stage.host.write(good.did, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told().toSorted()).toEqual(['create second', 'create second (fetched)'])
  })
})

describe('S5: a commit that is not by its account, or not of now', () => {
  it.for([
    ['is of another account', (body: DataObject, other: string) => ({ ...body, repo: other })],
    ['has another revision than it signs', (body: DataObject) => ({ ...body, rev: '3zzzzzzzzzzzz' })],
    ['has a revision of the far future', (body: DataObject) => ({ ...body, rev: 'jzzzzzzzzzzzz' })],
  ] as const)('is not applied when it %s', async ([, change]) => {
    await using scene = await inStep()
    const { stage, bad, good } = scene
    once(stage, bad.did, (body) => change(body, good.did))
    stage.host.write(bad.did, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(good.did)).toEqual([])
    stage.host.write(bad.did, [note('third')])
    await stage.clock.advanceBy('10m')
    expect(await stage.copy()).toEqual(stage.expected())
    expect(stage.told(bad.did).every((text) => text.endsWith('(fetched)'))).toBe(true)
  })

  it('is applied under a new key after asking for it once', async () => {
    const stage = await Stage.open()
    const { did } = stage.host.createAccount({ handle: 'alice.test' })
    const asked: boolean[] = []
    let key = stage.host.plc.get(did)!.signingKey
    await using sync = stage.sync({
      async resolveSigningKey(account, { refresh }) {
        asked.push(refresh)
        if (refresh) key = stage.host.plc.get(account)!.signingKey
        return key
      },
    })
    sync.start()
    await stage.clock.advanceBy(500)
    stage.alter = ({ bytes }) => (decodeFrame(bytes).type === '#identity' ? [] : [bytes])
    stage.host.rotateKey(did, 'p256')
    stage.host.write(did, [note('a')])
    await stage.clock.advanceBy(500)
    expect(stage.told(did).at(-1)).toBe('create a')
    expect(asked).toEqual([false, true])
  })

  it('is not applied under an old key, and the directory is asked once a minute at most', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    let asked = 0
    const old = bad.repo.key
    stage.host.rotateKey(bad.did)
    await stage.clock.advanceBy(500)
    bad.repo.key = old
    await using second = stage.sync({
      source: stage.source('second'),
      async resolveSigningKey(did, { refresh }) {
        if (refresh) asked++
        return stage.host.plc.get(did)!.signingKey
      },
    })
    second.start()
    await stage.clock.advanceBy(500)
    stage.events.length = 0
    for (let index = 0; index < 5; index++) stage.host.write(bad.did, [note(`old${index}`)])
    await stage.clock.advanceBy('20s')
    expect(stage.told(bad.did)).toEqual([])
    expect(asked).toBe(1)
    expect((await second.parked())[0]).toMatchObject({ did: bad.did, error: expect.stringContaining('SIGNATURE') })
  })
})

describe('S6: a list of operations that lies', () => {
  const ops = (body: DataObject) => body.ops as readonly DataObject[]
  it.for([
    ['leaves one out', (body: DataObject) => ({ ...body, ops: ops(body).slice(1) })],
    [
      'makes one up',
      (body: DataObject) => ({ ...body, ops: [...ops(body), { ...ops(body)[0]!, path: 'com.example.note/fake' }] }),
    ],
    [
      'calls a create a delete',
      (body: DataObject) => ({
        ...body,
        ops: ops(body).map((op) => ({ action: 'delete', path: op.path!, cid: null, prev: op.cid! })),
      }),
    ],
    ['says another tree before', (body: DataObject) => ({ ...body, prevData: body.commit! })],
    ['says nothing of the tree before', ({ prevData: _, ...body }: DataObject) => body],
  ] as const)('has no effect: it %s', async ([, lie]) => {
    await using scene = await inStep()
    const { stage, bad, good } = scene
    once(stage, bad.did, lie)
    stage.host.write(bad.did, [note('second'), note('third')])
    stage.host.write(good.did, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(good.did)).toEqual(['create second'])
    expect(stage.told(bad.did)).toEqual(['create second (fetched)', 'create third (fetched)'])
    expect(await stage.copy()).toEqual(stage.expected())
  })
})

describe('S12: a host that loses, repeats and forgets', () => {
  it('is fetched after a gap', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    stage.alter = () => []
    stage.host.write(bad.did, [note('lost')])
    await stage.clock.advanceBy(100)
    stage.alter = ({ bytes }) => [bytes]
    stage.host.write(bad.did, [note('next')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(bad.did)).toEqual(['create lost (fetched)', 'create next (fetched)'])
  })

  it('is believed about what it says twice, once', async () => {
    await using scene = await inStep()
    const { stage, bad, sync } = scene
    stage.alter = ({ bytes }) => [bytes, bytes, bytes]
    stage.host.write(bad.did, [note('second')])
    stage.host.setHandle(bad.did, 'renamed.test')
    stage.host.setStatus(bad.did, 'suspended')
    await stage.clock.advanceBy('5s')
    expect(stage.told()).toEqual(['create second', 'identity renamed.test', 'account suspended'])
    expect(sync.status().tally.stale).toBe(6)
  })

  it('may announce what it then loses: the repository is right in the end', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    const before = bad.repo.snapshot()
    stage.host.write(bad.did, [note('phantom')])
    bad.repo.restore(before)
    await stage.clock.advanceBy('1s')
    stage.host.write(bad.did, [note('real')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(bad.did)).toEqual(['create phantom', 'create real (fetched)', 'delete phantom (fetched)'])
  })

  it('may serve an old copy: it is asked until the copy is of now', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    const old = bad.repo.archive()
    stage.onFetch = (_, bytes) => (stage.fetches.length < 3 ? old : bytes)
    once(stage, bad.did, (body) => ({ ...body, ops: [] }))
    stage.host.write(bad.did, [note('second')])
    await stage.clock.advanceBy('1m')
    expect(stage.told(bad.did)).toEqual(['create second (fetched)'])
    expect(stage.fetches).toHaveLength(3)
  })

  it('may count anew: the cursor begins again and everything is compared', async () => {
    await using scene = await inStep()
    const { stage, bad, sync } = scene
    stage.alter = () => []
    stage.host.write(bad.did, [note('missed')])
    stage.host.events.restart()
    stage.cut()
    stage.alter = ({ bytes }) => [bytes]
    await stage.clock.advanceBy('10s')
    expect(stage.told(bad.did)).toEqual(['create missed (fetched)'])
    stage.host.write(bad.did, [note('live')])
    await stage.clock.advanceBy('1s')
    expect(stage.told(bad.did).at(-1)).toBe('create live')
    expect(sync.status().cursor).toBe(1)
  })

  it('may no longer keep what was missed: everything is compared', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    await sync.close()
    stage.host.write(bad.did, [note('missed')])
    stage.host.events.forgetUpTo(stage.host.events.last)
    await using second = stage.sync()
    second.start()
    await stage.clock.advanceBy('10s')
    expect(stage.told(bad.did)).toEqual(['create missed (fetched)'])
    expect(stage.fetches).not.toContain(good.did)
  })

  it('may delete an account while nobody listens who knows where it was: the repository is named, and nothing is deleted', async () => {
    const stage = await Stage.open()
    const [gone, stays] = ['gone.test', 'stays.test'].map((handle) => stage.host.createAccount({ handle }))
    for (const { did } of [gone!, stays!]) stage.host.write(did, [note('a')])
    // Fetched as a whole, before the first message of the stream: there is no cursor yet when it ends.
    const first = stage.sync()
    first.start()
    await stage.clock.advanceBy('2s')
    expect(stage.told()).toEqual(['create a (fetched)', 'account active', 'create a (fetched)', 'account active'])
    expect(first.status().cursor).toBeUndefined()
    await first.close()
    stage.host.deleteAccount(gone!.did)
    stage.fetches.length = 0

    await using second = stage.sync()
    second.start()
    await stage.clock.advanceBy('3s')
    expect(await second.parked()).toMatchObject([{ did: gone!.did, error: expect.stringContaining('RepoNotFound') }])
    // The other one is not fetched again, and neither of them loses anything.
    expect(new Set(stage.fetches)).toEqual(new Set([gone!.did]))
    expect(Object.keys(await stage.copy())).toHaveLength(2)
  })

  it('may delete an account that it had taken down, unheard: the list shows it, and nobody waits a day for it', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    const { alter } = stage
    stage.alter = () => []
    stage.host.write(bad.did, [note('unheard')])
    await stage.clock.advanceBy('1s')
    stage.alter = alter
    stage.host.setStatus(bad.did, 'takendown')
    // Asked for while it is away, it is left alone for a day.
    stage.host.announceSync(bad.did)
    await stage.clock.advanceBy('10s')
    expect(await sync.parked()).toMatchObject([{ did: bad.did, error: expect.stringContaining('RepoTakendown') }])
    stage.alter = () => []
    stage.host.deleteAccount(bad.did)
    await stage.clock.advanceBy('10s')
    stage.fetches.length = 0
    await sync.reconcile()
    await stage.clock.advanceBy('2s')
    expect(await sync.parked()).toMatchObject([{ did: bad.did, error: expect.stringContaining('RepoNotFound') }])
    // Once that is known, the list says nothing new.
    const asked = [...stage.fetches]
    await sync.reconcile()
    expect(stage.fetches).toEqual(asked)
    expect(asked).not.toContain(good.did)
  })

  it('may leave out of its list what it has: that is fetched, and goes on', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    const source = stage.source()
    await using other = stage.sync({
      source: {
        ...source,
        async *listRepos(options) {
          for await (const repo of source.listRepos!(options)) if (repo.did !== bad.did) yield repo
        },
      },
    })
    await sync.close()
    other.start()
    await stage.clock.advanceBy('5s')
    expect(stage.fetches).toEqual([bad.did])
    expect([stage.told(), await other.parked()]).toEqual([[], []])
    stage.host.write(bad.did, [note('b')])
    stage.host.write(good.did, [note('b')])
    await stage.clock.advanceBy('1s')
    expect(stage.told()).toEqual(['create b', 'create b'])
  })

  it('breaks again and again: the waits grow, and nothing is lost', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    stage.host.write(bad.did, [note('cursor')])
    await stage.clock.advanceBy(100)
    stage.events.length = 0
    for (let index = 0; index < 20; index++) {
      stage.host.write(bad.did, [note(`k${index}`)])
      stage.cut()
      await stage.clock.advanceBy('1m')
    }
    expect(stage.told(bad.did)).toEqual(Array.from({ length: 20 }, (_, index) => `create k${index}`))
    expect(stage.connections).toBe(21)
  })
})

describe('a handler that fails', () => {
  it('for a moment is called again, and its changes are taken back', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    let failures = 0
    stage.onApply = async (event, tx) => {
      if (event.type !== 'create' || failures === 3) return
      failures++
      await tx.query('insert into copy values ($1, $2)', [`half ${failures}`, 'x'])
      throw new Error('not yet')
    }
    stage.host.write(bad.did, [note('second')])
    await stage.clock.advanceBy('5s')
    expect(stage.told(bad.did)).toEqual(['create second'])
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('for ever leaves its repository aside, and no other', async () => {
    await using scene = await inStep()
    const { stage, bad, good, sync } = scene
    stage.onApply = (event) => {
      if (event.did === bad.did) throw new Error('cannot take this')
    }
    stage.host.write(bad.did, [note('second')])
    for (let index = 0; index < 20; index++) {
      stage.host.write(good.did, [note(`k${index}`)])
      stage.host.write(bad.did, [note(`k${index}`)])
      await stage.clock.advanceBy('1s')
      expect(stage.told(good.did)).toHaveLength(index + 1)
    }
    expect(await sync.parked()).toMatchObject([{ did: bad.did, error: 'cannot take this' }])
    expect(sync.status()).toMatchObject({ pending: 0, cursor: stage.host.events.last })
    stage.onApply = () => {}
    expect(await sync.retry(bad.did)).toBe(true)
    expect(await sync.retry(good.did)).toBe(false)
    await stage.clock.advanceBy('1s')
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('on news of the account itself is told them later, in order and once', async () => {
    await using scene = await inStep()
    const { stage, bad } = scene
    let fails = true
    stage.onApply = (event) => {
      if (fails && event.did === bad.did) throw new Error('not now')
    }
    stage.host.setHandle(bad.did, 'one.test')
    await stage.clock.advanceBy('10s')
    stage.host.setHandle(bad.did, 'two.test')
    stage.host.deleteAccount(bad.did)
    await stage.clock.advanceBy('1m')
    fails = false
    await stage.clock.advanceBy('1h')
    expect(stage.told(bad.did)).toEqual(['identity two.test', 'account deleted', 'delete first'])
  })

  it('by taking too long is given up; what it does later has no effect', async () => {
    await using scene = await inStep()
    const { stage, sync, bad, good } = scene
    await sync.close()
    await using hasty = stage.sync({ applyTimeout: '2s', attempts: 2 })
    let late: Promise<unknown> | undefined
    stage.onApply = async (event, tx) => {
      if (event.did !== bad.did || late !== undefined) return
      let goOn = (): void => {}
      const waiting = new Promise<void>((resolve) => (goOn = resolve))
      stage.clock.setTimer(goOn, 5_000)
      late = waiting.then(() => tx.query("insert into copy values ('late', 'x')")).catch((error: unknown) => error)
      await late
    }
    hasty.start()
    stage.host.write(bad.did, [note('second')])
    stage.host.write(good.did, [note('second')])
    await stage.clock.advanceBy('20s')
    expect(await late).toMatchObject({ code: 'CORE_DATABASE_TRANSACTION_ENDED' })
    expect(await stage.copy()).toEqual(stage.expected())
  })

  it('lets no more wait than is allowed, and forgets nothing', async () => {
    await using scene = await inStep()
    const { stage, sync, bad } = scene
    await sync.close()
    await using small = stage.sync({ maxPending: 10, maxPendingPerRepo: 4, maxPendingBytes: 20_000 })
    let fails = true
    stage.onApply = (event) => {
      if (fails && event.did === bad.did) throw new Error('not now')
    }
    small.start()
    await stage.clock.advanceBy(100)
    for (let index = 0; index < 40; index++) {
      stage.host.write(bad.did, [note(`k${index}`)])
      await stage.clock.advanceBy(20)
      expect(small.status().pending).toBeLessThanOrEqual(10)
    }
    fails = false
    await stage.clock.advanceBy('1h')
    expect(await stage.copy()).toEqual(stage.expected())
  })
})

describe('S14: a record that could do harm', () => {
  it('does not reach the handler, and disappears when it turns into one', async () => {
    await using scene = await inStep()
    const { stage, bad, sync } = scene
    stage.host.write(bad.did, [
      note('evil', { url: 'javascript:alert(1)' }),
      note('card', { url: 'https://example.com' }),
    ])
    const path = 'com.example.note/card'
    stage.host.write(bad.did, [{ action: 'update', path, value: { url: 'javascript:alert(1)' } }])
    stage.host.write(bad.did, [{ action: 'update', path, value: { url: 'https://example.org' } }])
    await stage.clock.advanceBy('1s')
    expect(stage.told(bad.did)).toEqual(['create card', 'delete card', 'create card'])
    expect(sync.status().tally.refused).toBe(2)
  })
})

describe('S11: what errors and logs say', () => {
  it('names accounts and reasons, and no keys', async () => {
    const stage = await Stage.open()
    const { did, repo } = stage.host.createAccount({ handle: 'alice.test' })
    const secret = Buffer.from(repo.key.export())
    const lines: string[] = []
    const log = (fields: unknown, message?: string): void => void lines.push(JSON.stringify([fields, message]))
    const logger = { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, child: () => logger }
    await using sync = stage.sync({ logger: logger as never })
    stage.onFetch = () => Uint8Array.of(1)
    sync.start()
    await stage.clock.advanceBy('5s')
    const text = lines.join('\n') + JSON.stringify(await sync.parked()) + JSON.stringify(repo.key)
    expect(text).toContain(did)
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      expect(text).not.toContain(secret.toString(encoding))
  })
})
