import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tour } from './tour.ts'

/** The edges of a tour, the same in both directions and wherever it begins. */
function edgesOf({ order }: Tour): string[] {
  return [...order]
    .map((node, at) => {
      const next = order[(at + 1) % order.length]!
      return `${Math.min(node, next)}-${Math.max(node, next)}`
    })
    .toSorted()
}

describe('Tour', () => {
  it('exchanges two edges, keeps track of positions, and takes all back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.array(fc.tuple(fc.nat(59), fc.nat(59), fc.boolean()), { maxLength: 30 }),
        (count, moves) => {
          const tour = new Tour(Int32Array.from({ length: count }, (_, node) => node))
          const begin = edgesOf(tour)
          for (const [first, second, isForward] of moves) {
            const [a, c] = [first % count, second % count]
            const step = (node: number): number => (isForward ? tour.next(node) : tour.previous(node))
            const [b, d] = [step(a), step(c)]
            if (a === c || b === c || a === d) continue
            const before = new Set(edgesOf(tour))
            const edge = (x: number, y: number): string => `${Math.min(x, y)}-${Math.max(x, y)}`
            tour.exchange(a, b, c, d)
            const wanted = [...before].filter((own) => own !== edge(a, b) && own !== edge(c, d))
            expect(edgesOf(tour)).toEqual([...wanted, edge(a, c), edge(b, d)].toSorted())
            for (const [at, node] of tour.order.entries()) expect(tour.positions[node]).toBe(at)
          }
          tour.undo()
          expect(edgesOf(tour)).toEqual(begin)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps what has been kept when later changes are taken back', () => {
    const tour = new Tour(Int32Array.from([0, 1, 2, 3, 4, 5]))
    tour.exchange(0, 1, 3, 4)
    tour.keep()
    const kept = edgesOf(tour)
    tour.exchange(tour.order[0]!, tour.next(tour.order[0]!), tour.order[3]!, tour.next(tour.order[3]!))
    expect(edgesOf(tour)).not.toEqual(kept)
    tour.undo()
    expect(edgesOf(tour)).toEqual(kept)
  })
})
