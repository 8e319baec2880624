import { randomBelow, randomFraction } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { createFences, databaseFences, type FenceEvent, type FenceFeature, type Fix } from '../index.ts'
import type { FencesOptions } from '../options.ts'

const circle = (id: string, x: number, y: number, radius: number): FenceFeature => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [x, y] },
  properties: { radius },
})

const options: FencesOptions = {
  features: Array.from({ length: 40 }, (_, id) =>
    circle(`fence ${id}`, (id % 8) * 0.01, Math.floor(id / 8) * 0.01, 500),
  ),
  dwell: '20s',
  lateness: '3s',
  timeToLive: '5m',
}

/** Vans on random walks through the circles, a fix a second; some come late. */
function fixes(seed: number): Fix[] {
  const random = new SeededRandom(seed)
  const vans = Array.from({ length: 6 }, (_, id) => ({ id: `van ${id}`, x: 0.035, y: 0.02 }))
  const all: Fix[] = []
  for (let second = 1; second <= 120; second++)
    for (const van of vans) {
      van.x += (randomFraction(random) - 0.5) * 0.004
      van.y += (randomFraction(random) - 0.5) * 0.004
      all.push({ id: van.id, position: [van.x, van.y], time: second * 1_000 })
    }
  for (let at = 0; at + 12 < all.length; at++)
    if (randomBelow(random, 5) === 0) [all[at], all[at + 6]] = [all[at + 6]!, all[at]!]
  return all
}

const key = ({ type, object, fence, time, confirmed, reason, duration }: FenceEvent): string =>
  [object, time.getTime(), confirmed.getTime(), type, fence, reason, duration].join(' ')

function inMemory(all: readonly Fix[]): string[] {
  const fences = createFences(options)
  return [...fences.updateAll(all), ...fences.advance(600_000)].map(key).toSorted()
}

const engines: readonly (readonly [string, () => Promise<{ database: Database; close: () => Promise<void> }>])[] = [
  [
    'SQLite',
    async () => {
      const database = sqliteDatabase({ path: ':memory:' })
      return { database, close: () => database.close() }
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const fresh = await freshPostgresDatabase()
      const database = postgresDatabase({ connection: { ...fresh.connection } })
      return {
        database,
        async close() {
          await database.close()
          await fresh.drop()
        },
      }
    },
  ],
]

describe.each(engines)('fences whose objects are kept in %s', (_engine, open) => {
  it('tell what fences in memory tell, each event once, though transactions fail and programs take turns', async () => {
    const { database, close } = await open()
    const random = new SeededRandom(3)
    const programs = Array.from({ length: 3 }, () =>
      databaseFences({
        database,
        fences: createFences(options),
        handle: async (events, tx) => {
          for (const event of events) await tx.query('insert into told values ($1)', [key(event)])
          if (randomBelow(random, 3) === 0) throw new Error('crash')
        },
      }),
    )
    await migrate(database, [programs[0]!.migrations])
    await database.query('create table told (event text)')
    const all = fixes(8)
    let crashes = 0
    for (let at = 0; at < all.length;) {
      const length = 1 + randomBelow(random, 25)
      const program = programs[randomBelow(random, programs.length)]!
      try {
        await program.update(all.slice(at, at + length))
        at += length
      } catch (error) {
        expect((error as Error).message).toBe('crash')
        crashes++
      }
    }
    for (;;)
      try {
        await programs[0]!.advance(600_000)
        break
      } catch {
        crashes++
      }
    const { rows } = await database.query<{ event: string }>('select event from told')
    const told = rows.map(({ event }) => event)
    expect(told.toSorted()).toEqual(inMemory(all))
    expect(told.length).toBeGreaterThan(100)
    expect(crashes).toBeGreaterThan(5)
    // The time to live is over: nobody is left.
    expect(await programs[1]!.size()).toBe(0)
    await close()
  })

  it('take every fix of programs that work at once, each object in the order of its own', async () => {
    const { database, close } = await open()
    const all = fixes(9)
    const programs = Array.from({ length: 4 }, () => databaseFences({ database, fences: createFences(options) }))
    await migrate(database, [programs[0]!.migrations])
    const events = await Promise.all(
      programs.map(async (program, index) => {
        const own = all.filter(({ id }) => Number(id.slice(4)) % 4 === index)
        const found: FenceEvent[] = []
        for (let at = 0; at < own.length; at += 20) found.push(...(await program.update(own.slice(at, at + 20))))
        return found
      }),
    )
    const rest = await programs[0]!.advance(600_000)
    expect([...events.flat(), ...rest].map(key).toSorted()).toEqual(inMemory(all))
    await close()
  })

  it('know who is where, forget on demand, and keep tenants apart', async () => {
    const { database, close } = await open()
    const fences = createFences({ features: [circle('depot', 9.5, 47, 300)], dwell: '1m' })
    const north = databaseFences({ database, fences, tenant: 'north' })
    const south = databaseFences({ database, fences, tenant: 'south' })
    await migrate(database, [north.migrations])
    expect(await north.update([])).toEqual([])
    expect(await north.update([{ id: 'van', position: [9.5, 47], time: 0 }])).toMatchObject([{ type: 'enter' }])
    expect(await north.fencesOf('van')).toEqual(['depot'])
    expect(await south.fencesOf('van')).toEqual([])
    expect(await north.advance(59_999)).toEqual([])
    expect(await north.advance(new Date(60_000))).toMatchObject([{ type: 'dwell', fence: 'depot' }])
    expect(await north.advance(90_000)).toEqual([])
    await north.forget('van')
    await north.forget('nobody')
    expect(await north.size()).toBe(0)
    expect(await south.size()).toBe(0)
    await close()
  })

  it('tell the exit when the fence is gone meanwhile', async () => {
    const { database, close } = await open()
    const before = databaseFences({ database, fences: createFences({ features: [circle('depot', 0, 0, 300)] }) })
    await migrate(database, [before.migrations])
    await before.update([{ id: 'van', position: [0, 0], time: 0 }])
    const after = databaseFences({ database, fences: createFences() })
    const events = await after.update([{ id: 'van', position: [0, 0], time: 1_000 }])
    expect(events).toMatchObject([{ type: 'exit', fence: 'depot', reason: 'removed' }])
    await close()
  })

  it('take nothing of a call with a bad fix', async () => {
    const { database, close } = await open()
    const tracked = databaseFences({ database, fences: createFences(options) })
    await migrate(database, [tracked.migrations])
    const bad = [
      { id: 'van', position: [0, 0], time: 0 },
      { id: 'van', position: [0, Number.NaN], time: 1_000 },
    ] as const
    await expect(tracked.update(bad)).rejects.toMatchObject({ code: 'GEO_FIX_INVALID' })
    expect(await tracked.size()).toBe(0)
    expect(await tracked.update(bad.slice(0, 1))).toEqual([])
    expect(await tracked.size()).toBe(1)
    await close()
  })
})
