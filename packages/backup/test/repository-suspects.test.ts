import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createConfig } from '../src/repository/config/config.ts'
import type { Repository } from '../src/repository/index.ts'
import { masterKeyOf } from '../src/repository/key/master-key.ts'
import { repositoryWithKey } from '../src/repository/assemble-repository.ts'
import { checkRepository } from '../src/verify/index.ts'
import { backupOnce, readBack } from './simulations/repository/backup-once.ts'
import type { Files } from './simulations/repository/model.ts'

// A backup stands still for longer than its session lasts, just when it is about to store its snapshot; meanwhile a prune
// declares it dead, and removes what no snapshot needs.
const sessionTimeout = 10 * 60_000
const files: Files = new Map([['one/one', 'content of one']])
const others: Files = new Map([['one/two', 'content of two']])

let clock: SimulatedClock
let random: SeededRandom
let real: ObjectStore
let secrets: Parameters<typeof repositoryWithKey>[0]
beforeEach(() => {
  clock = new SimulatedClock()
  random = new SeededRandom(1)
  real = memoryStore({ clock })
  secrets = { master: masterKeyOf(random.bytes(64)), config: createConfig(random) }
})

const open = (store: ObjectStore = real): Repository =>
  repositoryWithKey(secrets, { store, clock, random, packSize: 1_024, sessionTimeout, resticLocks: false })

async function keys(prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of real.list({ prefix })) found.push(key)
  return found
}

const tags = async (): Promise<string[]> => (await open().snapshots()).map((snapshot) => snapshot.tags[0]!)

type IsMoment = (operation: 'put' | 'head', key: string) => boolean
const storesSnapshot: IsMoment = (operation, key) => operation === 'put' && key.startsWith('snapshots/')

/** When it asks whether it may store its snapshot: it has told that it begins, which parent it has, and now which snapshot. */
function asksAfterTelling(): IsMoment {
  let told = 0
  return (operation, key) => {
    if (operation === 'put' && key.startsWith('x-exprsn/sessions/')) told++
    return told === 3 && operation === 'head' && key.startsWith('x-exprsn/dead/')
  }
}

/** Begins a backup that stops before it stores its snapshot; it `dies` after that, or goes on. */
async function standingStill(dies: boolean, isMoment = storesSnapshot) {
  let [reached, wake] = [(): void => {}, (): void => {}]
  const isReached = new Promise<void>((resolve) => (reached = resolve))
  const isAwake = new Promise<void>((resolve) => (wake = resolve))
  let stored = (): void => {}
  const isStored = new Promise<void>((resolve) => (stored = resolve))
  let [stopped, dead] = [false, false]
  const turn = async (operation?: 'put' | 'head', key = ''): Promise<void> => {
    if (operation !== undefined && !stopped && isMoment(operation, key)) {
      stopped = true
      reached()
    }
    if (stopped) await isAwake
    if (dead) await new Promise<never>(() => {})
  }
  const store: ObjectStore = {
    ...real,
    async put(key, body, options) {
      await turn('put', key)
      const info = await real.put(key, body, options)
      if (!key.startsWith('snapshots/')) return info
      dead = dies
      stored()
      await turn()
      return info
    },
    get: async (...call) => (await turn(), real.get(...call)),
    head: async (...call) => (await turn('head', call[0]), real.head(...call)),
    delete: async (...call) => (await turn(), real.delete(...call)),
    async *list(...call) {
      await turn()
      yield* real.list(...call)
    },
  }
  const outcome = backupOnce(open(store), 'still', files, new Map()).then(
    () => 'made',
    (error: { readonly code: string }) => error.code,
  )
  await isReached
  await clock.advanceBy(sessionTimeout + 60_000)
  return { outcome, wake, isStored }
}

/** One prune finds what nobody needs, the next one removes it. */
async function prune(): Promise<void> {
  for (const _ of [1, 2]) {
    await open().prune({ maxUnused: 0 })
    await clock.advanceBy('1m')
  }
}

async function expectWhole(): Promise<void> {
  expect(await checkRepository(open(), { level: 3, threads: 0 })).toMatchObject({ ok: true, problems: [] })
}

describe('a snapshot that is stored after its session was declared dead', () => {
  it('is taken back by its backup, when what it needs is gone', async () => {
    const still = await standingStill(false)
    await prune()
    expect(await keys('data/')).toEqual([])
    still.wake()
    expect(await still.outcome).toBe('BACKUP_SESSION_LOST')
    expect([await tags(), await keys('snapshots/')]).toEqual([[], []])
    await expectWhole()
  })

  it('is shown to nobody and built on by nobody when its backup died on it, and in the end a prune removes it', async () => {
    const still = await standingStill(true)
    await prune()
    still.wake()
    await still.isStored
    expect(await keys('snapshots/')).toHaveLength(1)
    expect(await tags()).toEqual([])
    await expectWhole()
    const session = await open().begin({ parent: {} })
    expect(session.parent).toBeUndefined()
    await session.end()
    await backupOnce(open(), 'next', others, new Map([['still', files]]))
    expect(await tags()).toEqual(['next'])
    await prune()
    expect(await tags()).toEqual(['next'])
    await expectWhole()
    const [next] = await open().snapshots()
    expect(await readBack(open(), next!.id)).toEqual(others)
    // It is kept as long as its backup may still stand still.
    expect([...(await keys('snapshots/')), ...(await keys('x-exprsn/suspects/'))]).toHaveLength(3)
    await clock.advanceBy('31d')
    await backupOnce(open(), 'late', new Map([['one/three', 'content of three']]), new Map())
    await open().forget([next!.id])
    await prune()
    expect([...(await keys('snapshots/')), ...(await keys('x-exprsn/suspects/'))]).toHaveLength(1)
    expect(await tags()).toEqual(['late'])
  })

  it('is a snapshot like others when its backup found out before it stored it: nothing hides it, whatever a prune is about', async () => {
    await backupOnce(open(), 'first', files, new Map())
    const still = await standingStill(false, asksAfterTelling())
    // It declares the session dead, which has named its snapshot by then.
    await open().prune()
    expect(await keys('x-exprsn/suspects/')).toHaveLength(1)
    still.wake()
    expect(await still.outcome).toBe('made')
    expect([(await tags()).sort(), await keys('x-exprsn/suspects/')]).toEqual([['first', 'still'], []])
    await expectWhole()
  })

  it.each([
    ['its backup goes on', false],
    ['its backup dies on it', true],
  ])('is a snapshot like others when all that it needs is there: %s', async (_, dies) => {
    await backupOnce(open(), 'first', files, new Map())
    const still = await standingStill(dies)
    await backupOnce(open(), 'second', others, new Map())
    await prune()
    expect(await keys('x-exprsn/suspects/')).toHaveLength(1)
    still.wake()
    if (dies) await still.isStored
    else expect(await still.outcome).toBe('made')
    expect((await tags()).sort()).toEqual(['first', 'second', 'still'])
    await prune()
    expect((await tags()).sort()).toEqual(['first', 'second', 'still'])
    expect(await keys('x-exprsn/suspects/')).toEqual([])
    await expectWhole()
  })
})
