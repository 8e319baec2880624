import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildIndex } from './build-index.ts'
import { longestRun } from './edge-run.ts'
import type { BoundaryRule, OutlineIndex } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { plainContains } from './plain-contains.ts'

type Point = readonly [number, number]

/** Degrees to the centimetre, as positions come. */
const degrees = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most * 1e7, max: most * 1e7 }).map((units) => units / 1e7)

/** Any closed ring: it may cross itself, touch itself and be as thin as a line. */
const ring = fc
  .array(fc.tuple(degrees(3), degrees(3)), {
    minLength: 3,
    maxLength: 40,
  })
  .map((points) => Float64Array.from([...points, points[0]!].flat()))

/** Corners on a coarse grid: shared edges, shared corners, edges on top of each other. */
const gridRing = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), { minLength: 3, maxLength: 12 })
  .map((points) => Float64Array.from([...points, points[0]!].flat()))

const area = fc.array(fc.oneof(ring, gridRing), { minLength: 1, maxLength: 3 }).map((lines) => ({
  metres: undefined,
  lines,
}))
const lines = fc
  .record({ metres: fc.double({ min: 1, max: 400_000, noNaN: true }), line: ring })
  .map(({ metres, line }) => ({ metres, lines: [line] }))
const circle = fc
  .record({ metres: fc.double({ min: 1, max: 400_000, noNaN: true }), line: ring })
  .map(({ metres, line: [x, y] }) => ({ metres, lines: [Float64Array.of(x!, y!, x!, y!)] }))

const outlines = fc
  .array(fc.oneof(area, lines, circle), { minLength: 1, maxLength: 25 })
  .map((shapes) => shapes.map((shape, owner): Outline => ({ owner, ...shape })))

const points = fc.array(
  fc.oneof(
    fc.tuple(degrees(4), degrees(4)),
    fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })),
    fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 })).map(([x, y]): Point => [x / 2, y / 2]),
  ),
  { minLength: 20, maxLength: 60 },
)
const rules: readonly BoundaryRule[] = ['inside', 'outside', 'half-open']

describe('the index', () => {
  it.each(rules)('finds what comparing with every edge finds, borders counting as %s', (rule) => {
    fc.assert(
      fc.property(outlines, points, fc.constantFrom(1, 4, 16), (shapes, places, leafEdges) => {
        const index = buildIndex(shapes, { leafEdges })
        for (const [x, y] of places) {
          // Which side of a shared edge a point on it belongs to is the index's own choice.
          if (rule === 'half-open' && shapes.some((shape) => onBorder(shape, x, y))) continue
          const found = locate(index, x, y, rule)
          const expected = shapes.filter((shape) => !isClose(shape, x, y) && plainContains(shape, x, y, rule))
          const close = new Set(shapes.filter((shape) => isClose(shape, x, y)).map(({ owner }) => owner))
          const sure = found.filter((owner) => !close.has(owner)).sort((a, b) => a - b)
          expect(sure).toEqual(expected.map(({ owner }) => owner))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('tells places apart that lie hair-thin beside a border, closer than the steps in which leaves count', () => {
    const offsets = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
    fc.assert(
      fc.property(fc.array(area, { minLength: 1, maxLength: 6 }), fc.constantFrom(2, 6, 20), (areas, leafEdges) => {
        const shapes = areas.map((shape, owner): Outline => ({ owner, ...shape }))
        const index = buildIndex(shapes, { leafEdges })
        for (const [x, y] of besideBorders(shapes, offsets)) {
          if (shapes.some((shape) => isClose(shape, x, y))) continue
          const expected = shapes.filter((shape) => plainContains(shape, x, y, 'inside')).map(({ owner }) => owner)
          expect(locate(index, x, y, 'inside').sort((a, b) => a - b)).toEqual(expected)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('gives a place on a shared border to exactly one of two neighbours, half-open', () => {
    const cells = Array.from({ length: 64 }, (_, owner): Outline => {
      const x = owner % 8
      const y = Math.floor(owner / 8)
      return { owner, metres: undefined, lines: [Float64Array.of(x, y, x + 1, y, x + 1, y + 1, x, y + 1, x, y)] }
    })
    const index = buildIndex(cells, { leafEdges: 2 })
    for (let x = 0.25; x < 8; x += 0.25)
      for (let y = 0.25; y < 8; y += 0.25) {
        if (Number.isInteger(x) && Number.isInteger(y)) continue
        const found = locate(index, x, y, 'half-open')
        expect([x, y, found.length]).toEqual([x, y, 1])
      }
  })

  it('gives a place beside a slanted border to one of two neighbours, however near it lies', () => {
    const coordinate = fc.double({ min: 9, max: 10, noNaN: true })
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(coordinate, coordinate, share, fc.integer({ min: -2, max: 2 }), (from, to, at, steps) => {
        // The square from 9 to 10 in two halves.
        const left = Float64Array.of(9, 9, from, 9, to, 10, 9, 10, 9, 9)
        const right = Float64Array.of(from, 9, 10, 9, 10, 10, to, 10, from, 9)
        const halves = [left, right].map((line, owner): Outline => ({ owner, metres: undefined, lines: [line] }))
        const x = from + (to - from) * at + steps * 2 ** -49
        if (x <= 9 || x >= 10) return
        const found = locate(buildIndex(halves, { leafEdges: 2 }), x, 9 + at, 'half-open')
        expect(found).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
  })

  it('says which outlines a way touches', () => {
    fc.assert(
      fc.property(outlines, points, (shapes, places) => {
        const areas = shapes.filter(({ metres }) => metres === undefined)
        const index = buildIndex(areas)
        for (let at = 1; at < places.length; at++) {
          const [ax, ay] = places[at - 1]!
          const [bx, by] = places[at]!
          const found: number[] = []
          index.along(ax, ay, bx, by, found)
          const touched = new Set(found)
          for (const shape of areas) {
            // On the way every 64th part is looked at; what they show must be known, the rest may be.
            for (let share = 0; share <= 1; share += 1 / 64) {
              const [x, y] = [ax + (bx - ax) * share, ay + (by - ay) * share]
              if (isClose(shape, x, y) || !plainContains(shape, x, y, 'outside')) continue
              expect(touched).toContain(shape.owner)
              break
            }
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('holds many outlines on top of each other without growing with their product', () => {
    const star = Array.from({ length: 40 }, (_, corner): Point => {
      const radius = corner % 2 === 0 ? 1 : 0.4
      return [Math.cos((corner / 40) * 2 * Math.PI) * radius, Math.sin((corner / 40) * 2 * Math.PI) * radius]
    })
    const line = Float64Array.from([...star, star[0]!].flat())
    const same = Array.from({ length: 2_000 }, (_, owner): Outline => ({ owner, metres: undefined, lines: [line] }))
    const index = buildIndex(same)
    expect(index.bytes / same.length).toBeLessThan(40_000)
    expect(locate(index, 0.1, 0.1, 'inside')).toHaveLength(2_000)
  })

  it('finds nothing when it is empty, and nothing beyond its outlines', () => {
    const circle: Outline = { owner: 0, metres: 10, lines: [Float64Array.of(1, 1, 1, 1)] }
    expect(locate(buildIndex([]), 0.5, 0.5, 'inside')).toEqual([])
    expect(locate(buildIndex([circle]), 5, 5, 'inside')).toEqual([])
  })

  it('knows edges that fill more than one run', () => {
    const corners = longestRun * 4 + 3
    const line = new Float64Array((corners + 1) * 2)
    for (let corner = 0; corner <= corners; corner++) {
      const turn = ((corner % corners) / corners) * 2 * Math.PI
      line.set([Math.cos(turn), Math.sin(turn)], corner * 2)
    }
    const index = buildIndex([{ owner: 7, metres: undefined, lines: [line] }], { leafEdges: 1_000 })
    for (const [x, inside] of [
      [0, true],
      [0.999, true],
      [1.001, false],
    ] as const) {
      const found = x <= 1 ? locate(index, x, 0.0003, 'inside') : []
      expect(found).toEqual(inside ? [7] : [])
    }
  })
})

/** Places to the left and right of the middle of every edge. */
function* besideBorders(shapes: readonly Outline[], offsets: readonly number[]): Generator<Point> {
  for (const { lines: own } of shapes)
    for (const line of own)
      for (let at = 0; at + 3 < line.length; at += 2) {
        const [dx, dy] = [line[at + 2]! - line[at]!, line[at + 3]! - line[at + 1]!]
        const length = Math.hypot(dx, dy)
        if (length === 0) continue
        for (const offset of offsets)
          for (const side of [-offset, offset])
            yield [line[at]! + dx * 0.55 - (dy / length) * side, line[at + 1]! + dy * 0.55 + (dx / length) * side]
      }
}

function locate(index: OutlineIndex, x: number, y: number, rule: BoundaryRule): number[] {
  return Array.from(index.found.subarray(0, index.locate([x, y], rule)))
}

/** So near a border that rounding decides; exactly on it the rules decide. */
function isClose(shape: Outline, x: number, y: number): boolean {
  if (onBorder(shape, x, y)) return false
  const { metres, lines: own } = shape
  return own.some((line) => {
    for (let at = 0; at + 3 < line.length; at += 2) {
      const gap = planarGap([x, y], [line[at]!, line[at + 1]!], [line[at + 2]!, line[at + 3]!])
      if (metres === undefined ? gap < 1e-9 : plainContainsNearby(shape, x, y)) return true
    }
    return false
  })
}

function plainContainsNearby({ metres, lines: own, owner }: Outline, x: number, y: number): boolean {
  const wider = plainContains({ owner, lines: own, metres: metres! * 1.0001 }, x, y, 'inside')
  return wider !== plainContains({ owner, lines: own, metres: metres! * 0.9999 }, x, y, 'inside')
}

function onBorder(shape: Outline, x: number, y: number): boolean {
  if (shape.metres !== undefined) return false
  return plainContains(shape, x, y, 'inside') !== plainContains(shape, x, y, 'outside')
}

function planarGap([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
  return Math.hypot(ax + share * (bx - ax) - x, ay + share * (by - ay) - y)
}
