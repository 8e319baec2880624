import { describe, expect, it } from 'vitest'
import { createFences } from '../create-fences.ts'
import type { FenceFeature } from '../feature.ts'

type Ring = readonly (readonly [number, number])[]

/** A polygon of closed rings. */
function polygon(...rings: readonly Ring[]): FenceFeature {
  const coordinates = rings.map((ring) => [...ring, ring[0]!].map(([x, y]): [number, number] => [x, y]))
  return { type: 'Feature', id: 'fence', geometry: { type: 'Polygon', coordinates }, properties: {} }
}

function square(x: number, y: number, size: number): Ring {
  return [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
  ]
}

const outer = square(0, 0, 4)
const hole = square(1, 1, 1)
const twice = (ring: Ring): Ring => ring.flatMap((corner) => [corner, corner])
/** Out to [6, 2] and back on the same line. */
const spike: Ring = [[0, 0], [4, 0], [4, 2], [6, 2], [4, 2], [4, 4], [0, 4]] // oxfmt-ignore

const inHole = [1.5, 1.5] as const
const beside = [3, 3] as const
const far = [9, 9] as const

describe('a fence of a polygon that other programs stumble over', () => {
  it.each<[string, FenceFeature, readonly (readonly [number, number])[], readonly (readonly [number, number])[]]>([
    ['its corners doubled', polygon(twice(outer), twice(hole)), [beside], [inHole, far]],
    ['both rings the other way round', polygon(outer.toReversed(), hole.toReversed()), [beside], [inHole, far]],
    ['both rings the same way round', polygon(outer, hole.toReversed()), [beside], [inHole, far]],
    ['a hole that touches the border along an edge', polygon(outer, square(0, 1, 1)), [beside], [[0.5, 1.5], far]],
    ['a hole that touches the border in a corner', polygon(outer, [[0, 0], [1, 2], [2, 1]]), [beside, [0.5, 0.1]], [[1, 1], far]], // oxfmt-ignore
    ['a hole outside, which counts crossings like any ring', polygon(outer, square(8, 8, 2)), [beside, far], [[6, 6]]],
    ['a hole across the border: what lies in one ring only', polygon(outer, square(3, 3, 2)), [inHole, [4.5, 4.5]], [[3.5, 3.5], far]], // oxfmt-ignore
    ['the same hole twice, which is none: two crossings more', polygon(outer, hole, hole), [inHole, beside], [far]],
    ['a spike, which has no inside', polygon(spike), [inHole, beside], [[5, 2.000_1], [5, 1.999_9], far]], // oxfmt-ignore
    ['negative zeros', polygon([[-0, -0], [4, -0], [4, 4], [-0, 4]]), [inHole, [1, 1e-9]], [[1, -1e-9], far]], // oxfmt-ignore
  ])('says in and out as the even-odd rule does: %s', (_, feature, inside, outside) => {
    const fences = createFences({ features: [feature] })
    for (const place of inside) expect([place, fences.locate(place)]).toEqual([place, ['fence']])
    for (const place of outside) expect([place, fences.locate(place)]).toEqual([place, []])
  })

  it('has its border inside on 180 and on −180 alike, and on both poles', () => {
    const east = createFences({ features: [polygon(square(170, 80, 10))] })
    for (const x of [180, -180]) {
      expect(east.locate([x, 85])).toEqual(['fence'])
      expect(east.locate([x, 90])).toEqual(['fence'])
    }
    expect(east.locate([-0, 85])).toEqual([])
  })

  it.each([
    ['a longitude of 540', [540, 0]],
    ['NaN', [Number.NaN, 0]],
    ['infinity', [0, Infinity]],
    ['a text', ['9', 47]],
    ['longitude and latitude the wrong way round', [47, 139]],
  ])('is refused by the index of the position: %s', (_, position) => {
    const ring = [...outer.slice(0, 2), position, ...outer.slice(2)] as unknown as Ring
    expect(() => createFences({ features: [polygon(outer, ring)] })).toThrow(
      expect.objectContaining({
        code: 'GEO_POSITION_INVALID',
        message: expect.stringContaining('features[0].geometry.coordinates[1][2]'),
      }),
    )
  })

  it('has a jagged border of a hundred thousand corners', () => {
    const corners = 100_000
    const ring = Array.from({ length: corners }, (_, corner): [number, number] => {
      const turn = (corner / corners) * 2 * Math.PI
      const reach = corner % 2 === 0 ? 1 : 0.999_99
      return [9 + Math.cos(turn) * reach, 47 + Math.sin(turn) * reach]
    })
    const fences = createFences({ features: [polygon(ring)] })
    for (let turn = 0.1; turn < 6.2; turn += 0.7) {
      const at = (reach: number): [number, number] => [9 + Math.cos(turn) * reach, 47 + Math.sin(turn) * reach]
      expect([fences.locate(at(0.998)), fences.locate(at(1.001))]).toEqual([['fence'], []])
    }
  })
})
