import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passwordAccount, type PublishAccount, type Publisher } from '@exprsn/atproto/publish'
import { notes, Stage, type Items } from './stage.ts'

const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index}`).join(' ')
const [long, short] = [words(120), words(3)]
const remove = 'com.atproto.repo.deleteRecord'
const put = 'com.atproto.repo.putRecord'

// Requests that were given up arrive minutes later; what stands there by then must not be touched by them.
describe('what arrives late', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await Stage.open()
  })
  afterEach(() => stage[Symbol.asyncDispose]())

  /** Sends what is due, on a clock that is moved on. */
  async function drain(publisher: Publisher<Items>): Promise<void> {
    do {
      await passWhile(publisher.drain({ deadline: '1h' }))
      await pass(1_000)
    } while ((await publisher.counts()).pending > 0)
  }

  /** Moves the clock on until something has come about. */
  async function passWhile(work: Promise<unknown>): Promise<void> {
    let isDone = false
    void work.finally(() => (isDone = true)).catch(() => {})
    while (!isDone) await pass(50)
    await work
  }

  async function pass(milliseconds: number): Promise<void> {
    await stage.clock.advanceBy(milliseconds)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }

  function open(account?: PublishAccount): Publisher<Items> {
    return stage.publisher(notes(), { clock: stage.clock, ...(account === undefined ? {} : { account }) })
  }

  /** An account whose first call of a method is given up, and arrives when it is told to. */
  function losing(method: string): { readonly account: PublishAccount; arrive(): Promise<void> } {
    const real = passwordAccount({
      did: stage.account.did,
      service: stage.pds.url,
      password: 'password',
      client: stage.client,
    })
    let held: (() => Promise<unknown>) | undefined
    return {
      account: {
        did: real.did,
        async call(name, request) {
          if (name !== method || held !== undefined) return real.call(name, request)
          held = () => real.call(name, { input: request.input })
          throw new Error('the answer took too long')
        },
      },
      arrive: async () => void (await held!()),
    }
  }

  const edit = async (publisher: Publisher<Items>, body: string): Promise<void> => {
    await publisher.put('notes', { id: 'a', body })
    await drain(publisher)
  }

  it('a thread that shrinks and grows twice keeps its parts when the deletions are repeated', async () => {
    const publisher = open()
    const keys = new Set<string>()
    for (const body of [long, short, long, short, long]) {
      await edit(publisher, body)
      for (const [path] of stage.account.repo.records) keys.add(path)
    }
    // The first post kept its key, each of the others had three.
    expect(keys.size).toBe(1 + 3 * (stage.posts().length - 1))
    await stage.clock.advanceBy(3_600_000)
    await drain(publisher)
    expect(stage.texts().join(' ')).toBe(long)
  })

  it('a deletion of a part that is wanted again finds nothing of it', async () => {
    const first = open()
    await edit(first, long)
    const { account, arrive } = losing(remove)
    const publisher = open(account)
    await publisher.put('notes', { id: 'a', body: short })
    const drained = publisher.drain({ deadline: '5m' })
    while ((await publisher.get('notes', 'a'))?.reason === undefined) await pass(10)
    await publisher.put('notes', { id: 'a', body: long })
    await passWhile(drained)
    await drain(publisher)
    await arrive()
    expect(stage.texts().join(' ')).toBe(long)
  })

  it('a put of a part that was deleted since, and has another key now, is deleted again', async () => {
    await edit(open(), long)
    const { account, arrive } = losing(put)
    const publisher = open(account)
    await publisher.put('notes', { id: 'a', body: long.replace('word119', 'other') })
    const drained = publisher.drain({ deadline: '5m' })
    while ((await publisher.get('notes', 'a'))?.reason === undefined) await pass(10)
    await passWhile(drained)
    await edit(publisher, short)
    await edit(publisher, long)
    await arrive()
    await stage.clock.advanceBy(3_600_000)
    await drain(publisher)
    expect(stage.texts().join(' ')).toBe(long)
  })

  it('the old key of a part is swept although the part came back before the run had ended', async () => {
    const publisher = open()
    await edit(publisher, long)
    const [, last] = [...stage.account.repo.records.keys()].toSorted()
    await edit(publisher, short)
    // As if the run had been cut off before it ended.
    await stage.database.query('update exprsn_publish_part set removed = 2 where removed = 1')
    await stage.database.query("delete from exprsn_jobs where name like 'atproto.sweep%'")
    await edit(publisher, long)
    stage.pds.host.write(stage.account.did, [
      { action: 'create', path: last!, value: { $type: 'app.bsky.feed.post', text: 'late', createdAt: '' } },
    ])
    await stage.clock.advanceBy(3_600_000)
    await drain(publisher)
    expect(stage.texts().join(' ')).toBe(long)
  })
})

describe('what has a time of its own', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await Stage.open()
  })
  afterEach(() => stage[Symbol.asyncDispose]())

  const soon = (): Date => new Date(Date.now() + 3_600_000)

  it('is not sent by a job that was there before', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: 'draft' })
    await publisher.put('notes', { id: 'a', body: 'embargoed' }, { publishAt: soon() })
    await publisher.drain()
    expect(stage.texts()).toEqual([])
    expect((await publisher.get('notes', 'a'))?.state).toBe('pending')
  })

  it('does not hold up a removal, or a later version', async () => {
    const publisher = stage.publisher()
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    await publisher.put('notes', { id: 'a', body: 'next week' }, { publishAt: soon() })
    await publisher.remove('notes', 'a')
    await publisher.drain()
    expect(stage.texts()).toEqual([])
    await publisher.put('notes', { id: 'b', body: 'next week' }, { publishAt: soon() })
    await publisher.put('notes', { id: 'b', body: 'now' })
    await publisher.drain()
    expect(stage.texts()).toEqual(['now'])
  })

  it('waits for too long from its time on, not before, and bears its time', async () => {
    const at = new Date(Date.now() + 40)
    const publisher = stage.publisher(notes(), { maxAge: 30_000 })
    await publisher.put('notes', { id: 'a', body: 'one' }, { publishAt: at })
    await stage.database.query('update exprsn_publish_item set queued_at = queued_at - 1')
    await expect
      .poll(() => publisher.drain().then(() => publisher.counts()), { timeout: 120_000 })
      .toMatchObject({
        published: 1,
      })
    expect(stage.posts()[0]?.value.createdAt).toBe(at.toISOString())
  })
})
