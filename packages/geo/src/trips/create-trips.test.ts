import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metresBetween } from '../coordinates/sphere.ts'
import type { Fix } from '../fence/fence-event.ts'
import { createTrips, type Stop, type Trip, type TripEvent } from './index.ts'

const metre = 1 / 111_195
const minute = 60_000

interface Itinerary {
  readonly fixes: Fix[]
  /** Where it truly stood, in milliseconds and metres. */
  readonly stops: readonly { readonly from: number; readonly to: number; readonly x: number; readonly y: number }[]
}

/** Drives between stops of 6 to 40 minutes, with waits at lights, a fix every 10 seconds, jitter of up to 15 metres. */
function itinerary(seed: number): Itinerary {
  const random = new SeededRandom(seed)
  const fixes: Fix[] = []
  const stops: { from: number; to: number; x: number; y: number }[] = []
  let [x, y, time] = [0, 0, 0]
  const jitter = (): number => (randomFraction(random) - 0.5) * 21
  const tell = (): void =>
    void fixes.push({ id: 'van', position: [(x + jitter()) * metre, (y + jitter()) * metre], time })
  const stand = (milliseconds: number): void => {
    for (const until = time + milliseconds; time < until; time += 10_000) tell()
  }
  for (let number = 0; number < 6; number++) {
    const from = time
    stand((6 + randomBelow(random, 34)) * minute)
    stops.push({ from, to: time, x, y })
    const heading = randomFraction(random) * 2 * Math.PI
    const legs = 60 + randomBelow(random, 100)
    for (let leg = 0; leg < legs; leg++) {
      x += Math.cos(heading) * 140
      y += Math.sin(heading) * 140
      tell()
      time += 10_000
      if (leg < legs - 1 && randomBelow(random, 25) === 0) stand(90_000)
    }
  }
  const from = time
  stand(30 * minute)
  stops.push({ from, to: time, x, y })
  return { fixes, stops }
}

const stopsOf = (events: readonly TripEvent[], type: 'stop' | 'leave'): Stop[] =>
  events.flatMap((event) => (event.type === type ? [event.stop] : []))
const tripsOf = (events: readonly TripEvent[]): Trip[] =>
  events.flatMap((event) => (event.type === 'trip' ? [event.trip] : []))

describe('trips', () => {
  it('are found with their stops in drives with jitter and red lights', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { fixes, stops } = itinerary(seed)
        const trips = createTrips()
        const events = [...trips.updateAll(fixes), ...trips.end()]
        const found = stopsOf(events, 'leave')
        expect(found).toHaveLength(stops.length)
        for (const [index, stop] of stops.entries()) {
          const { position, from, to } = found[index]!
          expect(metresBetween(position[0], position[1], stop.x * metre, stop.y * metre)).toBeLessThan(12)
          expect(Math.abs(from.getTime() - stop.from)).toBeLessThanOrEqual(20_000)
          expect(Math.abs(to!.getTime() - stop.to)).toBeLessThanOrEqual(20_000)
        }
        const ways = tripsOf(events)
        expect(ways).toHaveLength(stops.length - 1)
        for (const [index, { distance, from, to, cut }] of ways.entries()) {
          const [before, after] = [stops[index]!, stops[index + 1]!]
          const true_ = Math.hypot(after.x - before.x, after.y - before.y)
          expect(distance / true_).toBeGreaterThan(0.97)
          expect(distance / true_).toBeLessThan(1.06)
          expect(from).toEqual(found[index]!.to)
          expect(to).toEqual(found[index + 1]!.from)
          expect(cut).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are told as they happen: the trip, then the stop, then the leaving', () => {
    const trips = createTrips({ stopAfter: '2m', leaveAfter: 2 })
    const at = (number: number, metres: number): string[] =>
      trips
        .update({ id: 'van', position: [metres * metre, 0], time: number * minute })
        .map((event) => (event.type === 'trip' ? `trip ${Math.round(event.trip.distance)}` : event.type))
    expect([at(0, 0), at(1, 1_000), at(2, 2_000)].flat()).toEqual([])
    expect([at(3, 2_010), at(4, 1_990)]).toEqual([[], ['trip 2000', 'stop']])
    expect(at(5, 2_500)).toEqual([])
    // One fix that jumps away is no departure.
    expect(at(6, 2_000)).toEqual([])
    expect([at(7, 2_500), at(8, 3_000)]).toEqual([[], ['leave']])
    expect(trips.end('van').map(({ type }) => type)).toEqual(['trip'])
    expect(trips.end()).toEqual([])
  })

  it('end where no fix came for too long; a stop goes on when the object is still there', () => {
    const trips = createTrips({ longestGap: '10m', stopAfter: '2m' })
    const move = (number: number, metres: number) =>
      trips.update({ id: 'van', position: [0, metres * metre], time: number * minute })
    for (let number = 0; number <= 5; number++) expect(move(number, number * 500)).toEqual([])
    const [cut, ...none] = move(30, 9_000)
    expect(none).toEqual([])
    expect(cut).toMatchObject({ type: 'trip', trip: { cut: true, to: new Date(5 * minute) } })
    expect(tripsOf([cut!])[0]!.distance).toBeCloseTo(2_500, -1)
    expect(move(31, 9_005)).toEqual([])
    expect(move(32, 9_000)).toMatchObject([{ type: 'stop', stop: { from: new Date(30 * minute) } }])
    expect(move(90, 9_002)).toEqual([])
    expect(move(200, 50)).toMatchObject([{ type: 'leave', stop: { to: new Date(90 * minute) } }])
  })

  it('leave out fixes that are late, or wait for them', () => {
    const { fixes } = itinerary(11)
    const swapped = fixes.map((_, index) => fixes[index ^ 1] ?? fixes[index]!)
    const expected = createTrips()
    const patient = createTrips({ lateness: '30s' })
    const all = [...patient.updateAll(swapped), ...patient.end()]
    expect(all).toEqual([...expected.updateAll(fixes), ...expected.end()])
    const strict = createTrips()
    expect(() => strict.updateAll(swapped)).not.toThrow()
  })

  it('keep objects apart, come from an iterable, and can be told to stop', async () => {
    const trips = createTrips({ stopAfter: '1m' })
    async function* source(): AsyncGenerator<Fix> {
      for (let number = 0; number < 4; number++)
        for (const id of ['a', 'b']) yield { id, position: [id === 'a' ? 0 : 1, 0], time: number * minute }
    }
    const events: TripEvent[] = []
    for await (const event of trips.watch(source())) events.push(event)
    expect(events.map(({ type, object }) => `${object} ${type}`)).toEqual(['a stop', 'b stop'])
    const stopped = trips.watch(source(), { signal: AbortSignal.abort(new Error('enough')) })
    await expect(stopped[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
  })

  it.each([
    [{ radius: 0 }, 'radius'],
    [{ radius: Number.NaN }, 'radius'],
    [{ leaveAfter: 0 }, 'leaveAfter'],
    [{ shortest: -1 }, 'shortest'],
  ])('refuse the option %j', (options, name) => {
    expect(() => createTrips(options)).toThrow(
      expect.objectContaining({ code: 'GEO_TRIP_OPTION_INVALID', message: expect.stringContaining(name) }),
    )
  })

  it('refuse fixes that are none', () => {
    expect(() => createTrips().update({ id: 'van', position: [0, 91], time: 0 })).toThrow(
      expect.objectContaining({ code: 'GEO_FIX_INVALID' }),
    )
  })
})
