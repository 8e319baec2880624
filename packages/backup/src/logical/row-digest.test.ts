import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowDigest } from './row-digest.ts'

const rows = fc.array(fc.stringMatching(/^[a-c]{0,6}$/), { maxLength: 12 })

function digest(of: readonly string[], cut = 1_000): string {
  const result = rowDigest()
  const text = Buffer.from(of.map((row) => `${row}\n`).join(''))
  for (let from = 0; from < text.length; from += cut) result.push(text.subarray(from, from + cut))
  return result.value()
}

describe('rowDigest', () => {
  it('is equal for the same rows in any order and cut anywhere, and for no others', () => {
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 20 }), (one, other, cut) => {
        expect(digest(one.toReversed(), cut)).toBe(digest(one))
        expect(digest(one) === digest(other)).toBe(
          one.toSorted().join() === other.toSorted().join() && one.length === other.length,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('counts rows that are there twice', () => {
    expect(digest(['a', 'a'])).not.toBe(digest(['a']))
    expect(digest(['a', 'a', 'b', 'b'])).not.toBe(digest(['a', 'a', 'a', 'a']))
  })

  it('adds up', () => {
    const [both, one, other] = [rowDigest(), rowDigest(), rowDigest()]
    both.push(Buffer.from('a\nb\nc\n'))
    one.push(Buffer.from('c\n'))
    other.push(Buffer.from('b\na\n'))
    one.add(other)
    expect(one.value()).toBe(both.value())
  })
})
