import { randomBelow } from '@exprsn/core'
import { createSimulatedDisk, SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { createShipper, memorySink, type Durability, type Sink } from '@exprsn/logs'
import { describe, expect, it } from 'vitest'
import { linesOfStore, simulateStore, type SimulatedStore } from './services/simulated-store.ts'
import { mortalWorld } from './simulations/log-wal/mortal.ts'
import { drive } from './simulations/log-wal/simulate-logs.ts'

type Change = (store: SimulatedStore) => Sink

/** Lives of a service with a store, each ended by a kill, a power loss or in good order; then what the store holds. */
async function simulate(seed: number, change: Change = (store) => store) {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  let disk = createSimulatedDisk({ clock, random: random.fork('disk') })
  await disk.makeFolder('/spool')
  disk.makeDurable()
  const durability: Durability = seed % 2 === 0 ? 'line' : 'fsync'
  const owed = new Set<string>()
  const segmentLines = 5 + randomBelow(random, 40)
  const options = {
    spool: '/spool',
    segmentBytes: 1_024,
    linger: 20,
    adoptAfter: 50,
    adoptInterval: 500,
    flushInterval: 5,
  }
  for (let life = 0; life < 3; life++) {
    const world = mortalWorld(disk, clock)
    const store = simulateStore(world.disk, segmentLines)
    const shipper = createShipper({
      ...options,
      sinks: [change(store), memorySink()],
      durability,
      disk: world.disk,
      clock: world.clock,
      random: random.fork(`life ${life}`),
    })
    await drive(clock, shipper.start())
    for (let index = 0; index < 60; index++) {
      const text = JSON.stringify({ life, index, filler: 'x'.repeat(randomBelow(random, 80)) })
      await drive(clock, shipper.append(text))
      owed.add(text)
      if (randomBelow(random, 4) === 0) await clock.advanceBy(randomBelow(random, 100))
    }
    const end = randomBelow(random, 3)
    if (end === 0) await drive(clock, shipper.close())
    else await world.kill()
    // A power loss takes what no sync has made durable: only mode fsync promises more.
    if (end === 2 && durability === 'fsync') disk = disk.crash()
    await clock.advanceBy(1_000)
  }
  const store = simulateStore(disk, segmentLines)
  const heir = createShipper({
    ...options,
    sinks: [change(store), memorySink()],
    disk,
    clock,
    random: random.fork('heir'),
  })
  await drive(clock, heir.start())
  const { pending } = await drive(clock, heir.flush({ deadline: '5m' }))
  await drive(clock, heir.close())
  const kept = await linesOfStore(disk)
  return {
    pending,
    lost: [...owed].filter((text) => !kept.includes(text)),
    twice: kept.filter((text, index) => kept.indexOf(text) !== index),
    left: disk.entriesSync('/spool').map(({ name }) => name),
  }
}

const nothing = { pending: 0, lost: [], twice: [], left: [] }
const seeds = 40

describe('a store for which the spool is the log', () => {
  it(`has every line once after kills and power losses, in ${seeds} seeds`, { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= seeds; seed++) expect({ seed, ...(await simulate(seed)) }).toEqual({ seed, ...nothing })
  })

  const mistakes: Readonly<Record<string, Change>> = {
    'its place is one line ahead': (store) => ({
      ...store,
      places: { ...store.places, positionOf: async (source) => (await store.places.positionOf(source)) + 1 },
    }),
    'it makes nothing safe when it is asked to': (store) => ({
      ...store,
      places: { ...store.places, settle: async () => {} },
    }),
    'it says that what is in memory is safe': (store) => {
      const taken = new Map<string, number>()
      return {
        ...store,
        async send(batch, context) {
          await store.send(batch, context)
          const { id } = batch.records.at(-1)!
          taken.set(id.slice(0, id.lastIndexOf('-')), Number(id.slice(id.lastIndexOf('-') + 1)) + 1)
        },
        places: {
          ...store.places,
          positionOf: async (source) => taken.get(source) ?? (await store.places.positionOf(source)),
        },
      }
    },
  }
  it.for(Object.entries(mistakes))('is found out when %s', { timeout: 120_000 }, async ([, change]) => {
    let isFound = false
    for (let seed = 1; seed <= seeds && !isFound; seed++)
      isFound = JSON.stringify(await simulate(seed, change).catch(() => undefined)) !== JSON.stringify(nothing)
    expect(isFound).toBe(true)
  })

  it('removes from the spool what is safe, keeps what is not, and writes no line to a log of its own', async () => {
    const clock = new SimulatedClock()
    const disk = createSimulatedDisk({ clock })
    disk.makeFolderSync('/spool')
    const store = simulateStore(disk, 50)
    const shipper = createShipper({ sinks: [store], spool: '/spool', segmentBytes: 1_024, linger: 10, disk, clock })
    const line = 'y'.repeat(90)
    for (let index = 0; index < 120; index++) shipper.write(line)
    await clock.advanceBy(1_000)
    // Batches of seven lines make segments of 56: two are safe, and eight lines are in memory and in the spool.
    expect(shipper.status().sinks[0]).toMatchObject({ delivered: 120, pending: 8 })
    expect(shipper.status().spool.bytes).toBeLessThan(20 * 110)
    expect(store.written).toBeLessThan(110 * 110)
    expect(await drive(clock, shipper.flush())).toEqual({ pending: 0 })
    expect(await linesOfStore(disk)).toHaveLength(120)
    await drive(clock, shipper.close())
    expect(disk.entriesSync('/spool')).toEqual([])
  })

  it('that cannot make lines safe is asked again, and nothing is removed meanwhile', async () => {
    const clock = new SimulatedClock()
    const disk = createSimulatedDisk({ clock })
    disk.makeFolderSync('/spool')
    const inner = simulateStore(disk, 1_000)
    let isBroken = true
    const settle: SimulatedStore['places']['settle'] = (context) =>
      isBroken ? Promise.reject(new Error('no room')) : inner.places.settle(context)
    const store: Sink = { ...inner, places: { ...inner.places, settle } }
    const shipper = createShipper({ sinks: [store], spool: '/spool', linger: 10, disk, clock })
    for (let index = 0; index < 10; index++) shipper.write(`line ${index}`)
    expect(await drive(clock, shipper.flush({ deadline: '2s' }))).toEqual({ pending: 10 })
    expect(shipper.status().sinks[0]!.failures).toBeGreaterThan(1)
    isBroken = false
    expect(await drive(clock, shipper.flush())).toEqual({ pending: 0 })
    await drive(clock, shipper.close())
    expect(await linesOfStore(disk)).toHaveLength(10)
  })
})
