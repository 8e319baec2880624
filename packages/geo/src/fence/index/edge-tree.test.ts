import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildIndex } from './build-index.ts'
import { EdgeTree } from './edge-tree.ts'
import { tabulate } from './geometry-table.ts'
import type { BoundaryRule, OutlineIndex } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { plainContains } from './plain-contains.ts'
import { segmentsMeet, type Segment } from './predicates.ts'

type Point = readonly [number, number]

const rules: readonly BoundaryRule[] = ['inside', 'outside', 'half-open']

/** The border between two combs that reach into each other, from left to right through a square of side 1 around 0. */
function zigzag(spikes: number): Point[] {
  return Array.from({ length: spikes * 2 + 1 }, (_, corner) => [
    corner / (spikes * 2) - 0.5,
    corner % 2 === 0 ? -0.45 : 0.45,
  ])
}

/** A comb whose spikes point up, turned by so many degrees about [9.5, 47.5]. */
function comb(spikes: number, degrees: number, owner = 0): Outline {
  return area(owner, [...zigzag(spikes), [0.5, -0.5], [-0.5, -0.5]], degrees)
}

function area(owner: number, corners: readonly Point[], degrees = 0): Outline {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const ring = [...corners, corners[0]!].map(([x, y]) => [9.5 + x * cos - y * sin, 47.5 + x * sin + y * cos])
  return { owner, metres: undefined, lines: [ring.flat()] }
}

function* places(count: number): Generator<Point> {
  const random = new SeededRandom('combs')
  for (let index = 0; index < count; index++) yield [9 + randomFraction(random), 47 + randomFraction(random)]
}

function locate(index: OutlineIndex, [x, y]: Point, rule: BoundaryRule): number[] {
  return Array.from(index.found.subarray(0, index.locate([x, y], rule))).sort((a, b) => a - b)
}

function edgesOf({ lines }: Outline): Segment[] {
  return lines.flatMap((line) =>
    Array.from({ length: line.length / 2 - 1 }, (_, edge): Segment => [
      line[edge * 2]!,
      line[edge * 2 + 1]!,
      line[edge * 2 + 2]!,
      line[edge * 2 + 3]!,
    ]),
  )
}

describe('long parallel edges that lie close together', () => {
  it.each([0, 90, 37])('are kept once, not once per cell, turned by %s degrees', (degrees) => {
    const spikes = 3_000
    const shape = comb(spikes, degrees)
    const index = buildIndex([shape])
    expect(index.bytes / (spikes * 2)).toBeLessThan(200)
    const edges = edgesOf(shape)
    let before: Point = [9.5, 47.5]
    for (const place of places(150)) {
      for (const rule of rules)
        expect(locate(index, place, rule)).toEqual(plainContains(shape, ...place, rule) ? [0] : [])
      // Ways as short as those between two fixes, in the spikes and between them.
      const way: Segment = [...place, place[0] + (before[0] - place[0]) / 900, place[1] + (before[1] - place[1]) / 900]
      const owners: number[] = []
      index.along(...way, owners)
      const touches = plainContains(shape, ...place, 'inside') || edges.some((edge) => segmentsMeet(way, edge))
      expect(owners.length > 0).toBe(touches)
      before = place
    }
  })

  it('grow with their number only', () => {
    const [few, many] = [2_000, 16_000].map((spikes) => buildIndex([comb(spikes, 0)]).bytes / spikes)
    expect(many! / few!).toBeLessThan(1.5)
  })

  it('belong to exactly one of two combs that reach into each other', () => {
    const border = zigzag(2_000)
    const below = area(0, [...border, [0.5, -0.5], [-0.5, -0.5]])
    const above = area(1, [...border, [0.5, 0.5], [-0.5, 0.5]])
    const index = buildIndex([below, above])
    const middles = edgesOf(below)
      .slice(0, -3)
      .map(([ax, ay, bx, by]): Point => [(ax + bx) / 2, (ay + by) / 2])
    for (const place of [...middles, ...places(500)])
      expect([place, locate(index, place, 'half-open').length]).toEqual([place, 1])
  })

  it('let the fences among them be found as ever', () => {
    const random = new SeededRandom('among combs')
    const small = Array.from({ length: 200 }, (_, owner): Outline => {
      const [x, y, size] = [randomFraction(random) - 0.5, randomFraction(random) - 0.5, randomFraction(random) / 20]
      return area(owner + 2, [
        [x, y],
        [x + size, y],
        [x, y + size],
      ])
    })
    const circle: Outline = { owner: 1, metres: 9_000, lines: [[9.6, 47.4, 9.6, 47.4]] }
    const shapes = [comb(1_500, 0), circle, ...small]
    const index = buildIndex(shapes)
    for (const place of places(400)) {
      const expected = shapes.filter((shape) => plainContains(shape, ...place, 'inside')).map(({ owner }) => owner)
      expect(locate(index, place, 'inside')).toEqual(expected)
    }
  })
})

describe('a tree of edges', () => {
  // Degrees to the centimetre, as positions come.
  const centimetres = fc.integer({ min: -4e7, max: 4e7 }).map((units) => units / 1e7)
  const coordinate = fc.oneof(fc.integer({ min: -4, max: 4 }), centimetres)
  const point = fc.tuple(coordinate, coordinate)
  const ring = fc.array(point, { minLength: 3, maxLength: 30 }).map((corners) => [...corners, corners[0]!].flat())
  const shape = fc
    .array(ring, { minLength: 1, maxLength: 3 })
    .map((lines): Outline => ({ owner: 0, metres: undefined, lines }))

  it('says what comparing with every edge says, and which ways touch one', () => {
    fc.assert(
      fc.property(shape, fc.array(point, { minLength: 2, maxLength: 30 }), (outline, looked) => {
        const tree = new EdgeTree(tabulate([outline]), 0)
        const edges = edgesOf(outline)
        for (const [at, [x, y]] of looked.entries()) {
          const onBorder = plainContains(outline, x, y, 'inside') !== plainContains(outline, x, y, 'outside')
          for (const rule of rules.filter((one) => !onBorder || one !== 'half-open'))
            if (!isClose(edges, x, y)) expect(tree.contains(x, y, rule)).toBe(plainContains(outline, x, y, rule))
          const way: Segment = [x, y, ...looked[(at + 1) % looked.length]!]
          expect(tree.meets(way)).toBe(edges.some((edge) => segmentsMeet(way, edge)))
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** So near an edge, but not on it, that rounding decides. */
function isClose(edges: readonly Segment[], x: number, y: number): boolean {
  return edges.some(([ax, ay, bx, by]) => {
    const length = Math.hypot(bx - ax, by - ay)
    const side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    return side !== 0 && Math.abs(side) <= 1e-9 * Math.max(length, 1e-3)
  })
}
