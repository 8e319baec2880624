import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entriesAfter, entriesOf, headOf, innerIsChained, innerOf, levelOf, mostInnerInLeaf } from './leaf-head.ts'

describe('the head of a leaf', () => {
  it('holds a level, a count of owners and a count of entries', () => {
    const level = fc.integer({ min: 0, max: 20 })
    const inner = fc.integer({ min: 0, max: innerIsChained })
    fc.assert(
      fc.property(level, inner, fc.integer({ min: 0, max: 2 ** 24 - 1 }), (...parts) => {
        const head = headOf(...parts)
        expect([levelOf(head), innerOf(head), entriesOf(head)]).toEqual(parts)
      }),
      { numRuns: 200 },
    )
  })

  it('says where the entries begin: behind the owners, or behind the place of a list of them', () => {
    expect(entriesAfter(100, headOf(3, 0, 1))).toBe(101)
    expect(entriesAfter(100, headOf(3, mostInnerInLeaf, 1))).toBe(107)
    expect(entriesAfter(100, headOf(3, innerIsChained, 1))).toBe(102)
  })
})
