import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { compareRouteTexts } from '../../../test/routing/compare-route-texts.ts'
import { block, origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { textTable } from '../../graph/index.ts'
import { routeJson } from './route-json.ts'
import type { RouteResult } from './route-request.ts'

/** Anything that a text of JavaScript may hold, halves of surrogate pairs included. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xff_ff)).map((units) => String.fromCharCode(...units)),
)
const number = fc.oneof(fc.double(), fc.integer())
const position = fc.tuple(
  fc.oneof(
    fc.integer({ min: -1.8e9, max: 1.8e9 }).map((count) => count / 1e7),
    fc.double(),
  ),
  number,
)
const snapped = fc.record({ position, distance: number, name: text })
const list = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 4 })
const annotations = fc.record({ distances: list(number), durations: list(number), names: list(text) })
const leg = fc.record(
  {
    distance: number,
    duration: number,
    from: snapped,
    to: snapped,
    first: number,
    last: number,
    annotations,
    co2e: number,
  },
  { requiredKeys: ['distance', 'duration', 'from', 'to', 'first', 'last'] },
)
const instruction = fc.record({
  maneuver: fc.constantFrom('depart', 'roundabout', 'arrive'),
  text,
  name: text,
  distance: number,
  duration: number,
  position,
  point: number,
  exit: fc.option(number, { nil: undefined }),
})
const way = {
  distance: number,
  duration: number,
  geometry: list(position),
  legs: list(leg),
  instructions: list(instruction),
}
const route = fc.oneof(
  fc.record({
    found: fc.constant(true),
    ...way,
    alternatives: fc.option(list(fc.record(way)), { nil: undefined }),
    attribution: text,
  }),
  fc.record({ found: fc.constant(false), reason: text, point: number }),
) as fc.Arbitrary<RouteResult>

describe('routeJson', () => {
  it('gives what JSON.stringify gives for any route', () => {
    fc.assert(
      fc.property(route, (result) => {
        expect(routeJson(result)).toBe(JSON.stringify(result))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives it for what a router answers, in streets of any name', async () => {
    const names = ['', '"', '\\', '</script>', 'Straße', '東京', '👩‍🚀', '\u2028', '\u0000', '\ud800']
    const drawn = randomRoads('names', { size: 9, turns: true })
    const graph = {
      ...drawn,
      roads: { ...drawn.roads, names: drawn.roads.names.map((_, road) => road % names.length) },
      texts: textTable(names),
    }
    const random = new SeededRandom('streets')
    const place = () => origin.map((begin) => begin + (block * randomBelow(random, 800)) / 100) as [number, number]
    const answers = await compareRouteTexts(graph, place, 60)
    expect(answers.filter(({ found }) => found).length).toBeGreaterThan(30)
    expect(answers.some((answer) => answer.found && (answer.alternatives?.length ?? 0) > 0)).toBe(true)
    expect(JSON.stringify(answers)).toContain('東京')
    const [nowhere] = await compareRouteTexts(graph, () => [-30, 40], 1)
    expect(nowhere).toMatchObject({ found: false })
  })
})
