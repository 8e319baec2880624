import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IntHeap } from './int-heap.ts'

describe('IntHeap', () => {
  it('gives keys back in order, however pushes and pops alternate', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { maxLength: 300 }), (steps) => {
        const heap = new IntHeap()
        const plain: number[] = []
        for (const step of steps) {
          if (step !== null) {
            heap.push(step, step * 2)
            plain.push(step)
          } else if (plain.length > 0) {
            plain.sort((a, b) => b - a)
            const least = plain.pop()!
            expect(heap.least).toBe(least)
            expect(heap.pop()).toBe(least * 2)
          }
          expect(heap.size).toBe(plain.length)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('grows beyond its first room', () => {
    const heap = new IntHeap()
    for (let key = 5000; key > 0; key--) heap.push(key, key)
    expect(Array.from({ length: 5000 }, () => heap.pop())).toEqual(
      Array.from({ length: 5000 }, (_, index) => index + 1),
    )
  })

  it('is empty after clear', () => {
    const heap = new IntHeap()
    heap.push(1, 1)
    heap.clear()
    expect(heap.size).toBe(0)
  })
})
